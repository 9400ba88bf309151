package antiphon.store.sql.response;

import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.store.sql.commit.PendingWrite;
import antiphon.store.sql.commit.Write;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** An append as a write; several that follow each other may travel together. */
public record AppendWrite(HotPath path, Append append) implements Write<AppendOutcome> {

  @Override
  public AppendOutcome write(Session session) throws SQLException {
    return Appends.append(session, path, append);
  }

  /** Behind the last append of those that begin here. */
  static int endOfRun(List<PendingWrite<?>> group, int start) {
    int end = start;
    while (end < group.size() && group.get(end).write() instanceof AppendWrite) {
      end++;
    }
    return end;
  }

  /** Executes appends, and nothing but appends, in their order. */
  static void executeAll(Session session, HotPath path, List<PendingWrite<?>> waiting)
      throws SQLException {
    List<Append> appends = new ArrayList<>();
    for (PendingWrite<?> one : waiting) {
      appends.add(((AppendWrite) one.write()).append());
    }
    List<AppendOutcome> outcomes = Appends.appendAll(session, path, appends);
    for (int i = 0; i < outcomes.size(); i++) {
      @SuppressWarnings("unchecked") // an AppendWrite has this outcome
      var one = (PendingWrite<AppendOutcome>) waiting.get(i);
      one.succeed(outcomes.get(i));
    }
  }
}
