package antiphon.store.sql;

import antiphon.core.response.ResponseId;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.EndOutcome.AlreadyTerminal;
import antiphon.core.store.EndOutcome.Fenced;
import antiphon.core.store.EndOutcome.Gone;
import antiphon.core.store.EndOutcome.MetadataChanged;
import antiphon.core.store.EndOutcome.Won;
import antiphon.core.store.Ending;
import antiphon.core.store.StoredResponse;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Ends: of all that compete for one response, the guard lets exactly one through. */
final class Endings {

  /** What an end sets; takes {@link #values}. */
  static final String END =
      """
      status = ?, completed_at = ?, epoch = r.epoch + ?, next_sequence = r.next_sequence + ?,
        lease_until = NULL, run_after = NULL, cancel_requested = FALSE, ${usage}
      """
          .replace("${usage}", Rows.SET_USAGE);

  private Endings() {}

  static long weight(Ending ending) {
    return ending.snapshot().length + Chunk.bytes(ending.events()) + ending.entries().bytes();
  }

  static List<Object> values(Ending ending, boolean fence) {
    return List.of(
        ending.status().wire(),
        ending.completedAt(),
        fence ? 1 : 0,
        ending.events().size(),
        Rows.values(ending.usage()));
  }

  static List<Object> guard(ResponseId id, Ending ending, long epoch) {
    return List.of(Rows.key(id), epoch, ending.firstSequence(), ending.metadataVersion());
  }

  /** Ends a response under the epoch that its caller runs it under. */
  static EndOutcome end(Session session, ResponseId id, Ending ending) throws SQLException {
    check(ending);
    return session.hotPath().end(session, id, ending, ending.epoch(), false)
        ? Won.by(ending)
        : lost(Rows.find(session, id), ending);
  }

  static void check(Ending ending) {
    boolean unwritten = ending.events().isEmpty() && ending.firstSequence() == 0;
    if (!ending.status().isTerminal() || (ending.events().isEmpty() && !unwritten)) {
      throw new IllegalArgumentException(
          "no ending: " + ending.status() + " with " + ending.events().size() + " events");
    }
  }

  private static EndOutcome lost(Optional<Rows.Row> row, Ending ending) {
    if (row.isEmpty()) {
      return new Gone();
    }
    StoredResponse response = row.get().response();
    boolean sameEpoch = response.epoch() == ending.epoch();
    if (response.status().isTerminal()) {
      // The same run has ended it with the same bytes: this very call, whose answer was lost.
      return sameEpoch && Arrays.equals(response.snapshot(), ending.snapshot())
          ? Won.by(ending)
          : new AlreadyTerminal(response);
    }
    return sameEpoch && response.nextSequence() == ending.firstSequence()
        ? new MetadataChanged(response.metadata(), response.metadataVersion())
        : new Fenced();
  }
}
