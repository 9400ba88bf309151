package antiphon.store.postgres;

import antiphon.store.sql.jdbc.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** PostgreSQL's own words. */
final class PostgresDialect implements Dialect {

  /** In a query of its own, so that it is asked once and an index can be used with the answer. */
  private static final String NOW =
      "(SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint)";

  /** Ours among the advisory locks of the database. */
  static final int LOCK_SPACE = 0x616e7469;

  @Override
  public String translate(String sql) {
    return sql.replace("${now}", NOW)
        .replace("${lease now}", NOW)
        .replace("${lease now by ?}", "LEAST(" + NOW + ", ?)")
        .replace("${each ?}", "jsonb_array_elements(?::jsonb) AS k(value)")
        .replace("${for update}", "FOR UPDATE OF r, b")
        .replace("${skip locked}", "FOR UPDATE OF c SKIP LOCKED");
  }

  @Override
  public boolean locksRows() {
    return true;
  }

  @Override
  public boolean tryLock(Connection connection, int lock) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_try_advisory_xact_lock(?, ?)")) {
      statement.setInt(1, LOCK_SPACE);
      statement.setInt(2, lock);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  @Override
  public void begin(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    connection.commit();
  }

  @Override
  public void rollback(Connection connection) throws SQLException {
    connection.rollback();
  }
}
