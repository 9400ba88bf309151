package antiphon.store.sql.response;

import antiphon.core.store.NewResponse;
import antiphon.core.store.StoredResponse;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;

/** New responses. */
public final class Inserts {

  private Inserts() {}

  public static long weight(NewResponse response) {
    return response.request().length + response.input().length + Chunk.bytes(response.events());
  }

  /** Writes it, unless it is there already; an id that is another response's is a fault. */
  static boolean insert(Session session, HotPath path, NewResponse response) throws SQLException {
    if (!path.insert(session, response)) {
      Optional<Rows.Row> there = Rows.findWhole(session, response.id());
      if (there.isEmpty() || !isSame(there.get().response(), response)) {
        throw new SQLException("the id " + response.id() + " is taken");
      }
    }
    return true;
  }

  private static boolean isSame(StoredResponse there, NewResponse response) {
    return there.createdAt() == response.createdAt()
        && there.background() == response.background()
        && Arrays.equals(there.request(), response.request())
        && Arrays.equals(there.input(), response.input());
  }
}
