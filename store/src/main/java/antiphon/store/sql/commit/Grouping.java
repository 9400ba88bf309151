package antiphon.store.sql.commit;

import antiphon.core.store.StoreListener;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.List;

/** How the writes of a group are executed inside their transaction. */
@FunctionalInterface
public interface Grouping {

  /**
   * Executes them in their order, some of them together perhaps, and keeps what came of each.
   *
   * @param listener is told of each of them
   */
  void execute(Session session, List<PendingWrite<?>> group, StoreListener listener)
      throws SQLException;
}
