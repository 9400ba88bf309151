package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Events of a running response. */
public final class Appends {

  private static final String REFUSAL =
      """
      SELECT r.status, r.epoch, r.next_sequence,
        (SELECT e.events FROM events e WHERE e.row_id = r.row_id AND e.first_sequence = ?)
      FROM responses r WHERE ${this}
      """
          .replace("${this}", Rows.IS_THIS);

  private record Refusal(boolean running, long epoch, long next, byte @Nullable [] chunk) {}

  private Appends() {}

  static AppendOutcome append(Session session, HotPath path, Append append) throws SQLException {
    return appendAll(session, path, List.of(append)).getFirst();
  }

  static List<AppendOutcome> appendAll(Session session, HotPath path, List<Append> appends)
      throws SQLException {
    boolean[] done = path.append(session, appends);
    List<AppendOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < done.length; i++) {
      outcomes.add(done[i] ? AppendOutcome.DONE : refuse(session, appends.get(i)));
    }
    return outcomes;
  }

  /**
   * Fenced, unless these very events are there: then they were written before and the answer was
   * lost. If the run is still the one, its caller has lost count, which is a fault.
   */
  private static AppendOutcome refuse(Session session, Append append) throws SQLException {
    ResponseId id = append.run().id();
    Optional<Refusal> refused =
        session.first(
            row ->
                new Refusal(
                    row.getString(1).equals("in_progress"),
                    row.getLong(2),
                    row.getLong(3),
                    row.getBytes(4)),
            REFUSAL,
            append.firstSequence(),
            Rows.key(id));
    if (refused.isEmpty()) {
      return AppendOutcome.FENCED;
    }
    Refusal now = refused.get();
    if (now.chunk() != null && Chunk.has(now.chunk(), append.events())) {
      return AppendOutcome.DONE;
    }
    if (now.running() && now.epoch() == append.run().epoch()) {
      throw new IllegalArgumentException(
          "append to %s at %d, but its log goes on at %d"
              .formatted(id, append.firstSequence(), now.next()));
    }
    return AppendOutcome.FENCED;
  }
}
