package antiphon.store.sql.response;

import antiphon.core.store.EndOutcome;
import antiphon.core.store.EndOutcome.Won;
import antiphon.core.store.Ending;
import antiphon.core.store.NewResponse;
import antiphon.store.sql.commit.PendingWrite;
import antiphon.store.sql.commit.Write;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A foreground response that begins and ends in one group: its row is written once, as it is after
 * the end.
 */
public record InsertAndEnd(PendingWrite<Boolean> insert, PendingWrite<EndOutcome> end) {

  /**
   * Those of a group, by their inserts and by their ends. Nothing that concerns many rows, or this
   * one, may stand between the two: the insert is executed where the end is.
   */
  static Map<PendingWrite<?>, InsertAndEnd> in(List<PendingWrite<?>> group) {
    Map<PendingWrite<?>, InsertAndEnd> briefs = new HashMap<>();
    Map<String, PendingWrite<?>> begun = new HashMap<>();
    for (PendingWrite<?> next : group) {
      if (next.key().isEmpty()) {
        begun.clear();
      } else if (next.write() instanceof InsertWrite) {
        begun.put(next.key(), next);
      } else {
        PendingWrite<?> insert = begun.remove(next.key());
        if (insert != null && follows(next.write(), insert.write())) {
          InsertAndEnd brief = of(insert, next);
          briefs.put(insert, brief);
          briefs.put(next, brief);
        }
      }
    }
    return briefs;
  }

  @SuppressWarnings("unchecked") // these two writes have these outcomes
  private static InsertAndEnd of(PendingWrite<?> insert, PendingWrite<?> end) {
    return new InsertAndEnd((PendingWrite<Boolean>) insert, (PendingWrite<EndOutcome>) end);
  }

  /** Whether the end's guard holds for the row as it is inserted, so that it need not be asked. */
  private static boolean follows(Write<?> later, Write<?> earlier) {
    return later instanceof EndWrite(_, var id, Ending ending)
        && earlier instanceof InsertWrite(_, NewResponse response)
        && id.equals(response.id())
        && !response.background()
        && response.events().isEmpty()
        && ending.epoch() == InsertColumns.FOREGROUND_EPOCH
        && ending.firstSequence() == 0
        && ending.metadataVersion() == 0;
  }

  /** Writes both; if the row is there already, one after the other: each knows itself again. */
  void execute(Session session) throws SQLException {
    InsertWrite begun = (InsertWrite) insert.write();
    NewResponse response = begun.response();
    Ending ending = ((EndWrite) end.write()).ending();
    Endings.check(ending);
    if (begun.path().insertEnded(session, response, ending)) {
      insert.succeed(true);
      end.succeed(Won.by(ending));
    } else {
      insert.execute(session);
      end.execute(session);
    }
  }
}
