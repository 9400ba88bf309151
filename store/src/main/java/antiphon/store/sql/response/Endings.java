package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.EndOutcome.AlreadyTerminal;
import antiphon.core.store.EndOutcome.Fenced;
import antiphon.core.store.EndOutcome.Gone;
import antiphon.core.store.EndOutcome.MetadataChanged;
import antiphon.core.store.EndOutcome.Won;
import antiphon.core.store.Ending;
import antiphon.core.store.StoredResponse;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;

/** Ends: of all that compete for one response, the guard lets exactly one through. */
public final class Endings {

  private Endings() {}

  public static long weight(Ending ending) {
    return ending.snapshot().length + Chunk.bytes(ending.events()) + ending.entries().bytes();
  }

  /** Ends a response under the epoch that its caller runs it under. */
  static EndOutcome end(Session session, HotPath path, ResponseId id, Ending ending)
      throws SQLException {
    check(ending);
    return path.end(session, id, ending, ending.epoch(), false)
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
