package antiphon.store.sql;

import antiphon.core.response.ResponseId;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.EndOutcome.AlreadyTerminal;
import antiphon.core.store.EndOutcome.Fenced;
import antiphon.core.store.EndOutcome.Gone;
import antiphon.core.store.EndOutcome.MetadataChanged;
import antiphon.core.store.EndOutcome.Won;
import antiphon.core.store.Ending;
import antiphon.core.store.OpenLog;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.response.Usage;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;

/** Ends: of all that compete for one response, the guard in {@code END} lets exactly one through. */
final class Endings {

  private static final String END =
      """
      UPDATE responses AS r SET status = ?, completed_at = ?, epoch = r.epoch + ?,
        next_sequence = r.next_sequence + ?, lease_until = NULL, cancel_requested = FALSE,
        ${usage}
      WHERE ${this}
        AND r.status IN ('queued', 'in_progress')
        AND r.epoch = ? AND r.next_sequence = ? AND r.metadata_version = ?
      RETURNING row_id
      """
          .replace("${this}", Rows.IS_THIS)
          .replace("${usage}", Rows.SET_USAGE);

  private static final String KEEP_SNAPSHOT = "UPDATE bodies SET snapshot = ? WHERE row_id = ?";

  private Endings() {}

  static long weight(Ending ending) {
    return ending.snapshot().length + Chunk.bytes(ending.events());
  }

  /** Ends a response under the epoch that its caller runs it under. */
  static EndOutcome end(Session session, ResponseId id, Ending ending) throws SQLException {
    if (!ending.status().isTerminal()) {
      throw new IllegalArgumentException(ending.status() + " ends nothing");
    }
    Optional<Long> rowId = guarded(session, id, ending, ending.epoch(), false);
    return rowId.isPresent()
        ? won(session, rowId.get(), ending)
        : lost(Rows.find(session, id), ending);
  }

  /** Ends a response that runs elsewhere or nowhere; its run is fenced off by the next epoch. */
  static EndOutcome endFromLog(Session session, ResponseId id, Function<OpenLog, Ending> plan)
      throws SQLException {
    Optional<Rows.Row> row = Rows.lock(session, id);
    if (row.isEmpty()) {
      return new Gone();
    }
    StoredResponse response = row.get().response();
    if (response.status().isTerminal()) {
      return new AlreadyTerminal(response);
    }
    var log = new OpenLog(response, Logs.all(session, row.get().rowId()));
    Ending ending = plan.apply(log);
    long rowId =
        guarded(session, id, ending, response.epoch(), true)
            .orElseThrow(() -> new IllegalArgumentException("the plan does not follow the log"));
    return won(session, rowId, ending);
  }

  private static Optional<Long> guarded(
      Session session, ResponseId id, Ending ending, long epoch, boolean fence)
      throws SQLException {
    Usage usage = ending.usage();
    return session.first(
        row -> row.getLong(1),
        END,
        ending.status().wire(),
        ending.completedAt(),
        fence ? 1 : 0,
        ending.events().size(),
        Rows.values(usage),
        Rows.key(id),
        epoch,
        ending.firstSequence(),
        ending.metadataVersion());
  }

  private static EndOutcome won(Session session, long rowId, Ending ending) throws SQLException {
    Inserts.insertEvents(session, rowId, ending.firstSequence(), ending.events());
    session.update(KEEP_SNAPSHOT, ending.snapshot(), rowId);
    return new Won(Rows.get(session, rowId).response());
  }

  private static EndOutcome lost(Optional<Rows.Row> row, Ending ending) {
    if (row.isEmpty()) {
      return new Gone();
    }
    StoredResponse response = row.get().response();
    if (response.status().isTerminal()) {
      return new AlreadyTerminal(response);
    }
    boolean current =
        response.epoch() == ending.epoch() && response.nextSequence() == ending.firstSequence();
    return current
        ? new MetadataChanged(response.metadata(), response.metadataVersion())
        : new Fenced();
  }
}
