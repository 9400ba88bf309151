package antiphon.store.postgres;

import antiphon.store.sql.jdbc.Dialect;
import antiphon.store.sql.jdbc.Session;
import antiphon.store.sql.jdbc.Sessions;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;

/** Sessions on pooled connections; the driver keeps the prepared statements with the connection. */
final class PooledSessions implements Sessions {

  private final HikariDataSource pool;
  private final Dialect dialect;

  PooledSessions(HikariDataSource pool, Dialect dialect) {
    this.pool = pool;
    this.dialect = dialect;
  }

  @Override
  public Session take() throws SQLException {
    return new Session(pool.getConnection(), dialect);
  }

  @Override
  public void give(Session session, boolean sound) {
    session.giveBack();
    if (!sound) {
      // Where one connection has broken the others have too, more often than not.
      pool.getHikariPoolMXBean().softEvictConnections();
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
