package antiphon.store.sql.response;

import antiphon.core.store.StoreListener;
import antiphon.store.sql.commit.Grouping;
import antiphon.store.sql.commit.PendingWrite;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes of a group that belong together: a response that begins and ends in it, and appends that
 * follow each other.
 *
 * @param path the writes that every response goes through
 */
public record ResponseGroups(HotPath path) implements Grouping {

  @Override
  public void execute(Session session, List<PendingWrite<?>> group, StoreListener listener)
      throws SQLException {
    Map<PendingWrite<?>, InsertAndEnd> briefs = InsertAndEnd.in(group);
    int next = 0;
    while (next < group.size()) {
      int end = path.batches() ? AppendWrite.endOfRun(group, next) : next;
      if (end - next > 1) {
        executeTogether(session, group.subList(next, end), listener);
        next = end;
      } else {
        execute(session, group.get(next), briefs.get(group.get(next)), listener);
        next++;
      }
    }
  }

  private static void execute(
      Session session,
      PendingWrite<?> waiting,
      @Nullable InsertAndEnd brief,
      StoreListener listener)
      throws SQLException {
    listener.executing(waiting.name());
    if (brief == null) {
      waiting.execute(session);
    } else if (brief.end() == waiting) {
      brief.execute(session);
    }
    listener.executed(waiting.name());
  }

  private void executeTogether(
      Session session, List<PendingWrite<?>> appends, StoreListener listener) throws SQLException {
    for (PendingWrite<?> waiting : appends) {
      listener.executing(waiting.name());
    }
    AppendWrite.executeAll(session, path, appends);
    for (PendingWrite<?> waiting : appends) {
      listener.executed(waiting.name());
    }
  }
}
