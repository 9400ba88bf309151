package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.EndOutcome.AlreadyTerminal;
import antiphon.core.store.EndOutcome.Fenced;
import antiphon.core.store.EndOutcome.Gone;
import antiphon.core.store.EndOutcome.Won;
import antiphon.core.store.Ending;
import antiphon.core.store.OpenLog;
import antiphon.core.store.StoredResponse;
import antiphon.store.sql.commit.Write;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Ends a response that runs elsewhere or nowhere; its run is fenced off by the next epoch. */
public final class EndFromLog implements Write<EndOutcome> {

  private final HotPath path;
  private final ResponseId id;
  private final Function<OpenLog, @Nullable Ending> plan;

  /** What was written when it was executed before, by which it knows itself again. */
  private byte @Nullable [] written;

  public EndFromLog(HotPath path, ResponseId id, Function<OpenLog, @Nullable Ending> plan) {
    this.path = path;
    this.id = id;
    this.plan = plan;
  }

  @Override
  public EndOutcome write(Session session) throws SQLException {
    Optional<Rows.Row> row = Rows.lock(session, id);
    if (row.isEmpty()) {
      return new Gone();
    }
    StoredResponse response = row.get().response();
    if (response.status().isTerminal()) {
      return written != null && Arrays.equals(written, response.snapshot())
          ? new Won(response.status(), written)
          : new AlreadyTerminal(response);
    }
    long rowId = row.get().rowId();
    var log = new OpenLog(response, new WholeLog(session, rowId), InnerLogs.all(session, rowId));
    Ending ending = planned(log);
    if (ending == null) {
      return new Fenced();
    }
    Endings.check(ending);
    if (!path.end(session, id, ending, response.epoch(), true)) {
      throw new IllegalArgumentException("the plan does not follow the log");
    }
    written = ending.snapshot();
    return Won.by(ending);
  }

  private @Nullable Ending planned(OpenLog log) throws SQLException {
    try {
      return plan.apply(log);
    } catch (WholeLog.Unread e) {
      throw e.fault();
    }
  }
}
