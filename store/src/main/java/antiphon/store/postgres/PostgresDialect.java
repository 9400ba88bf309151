package antiphon.store.postgres;

import antiphon.store.sql.Dialect;
import antiphon.store.sql.HotPath;
import java.sql.Connection;
import java.sql.SQLException;

/** PostgreSQL's own words. */
final class PostgresDialect implements Dialect {

  /** In a query of its own, so that it is asked once and an index can be used with the answer. */
  private static final String NOW =
      "(SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint)";

  @Override
  public String translate(String sql) {
    return sql.replace("${now}", NOW)
        .replace("${each ?}", "jsonb_array_elements(?::jsonb) AS k(value)")
        .replace("${for update}", "FOR UPDATE OF r, b")
        .replace("${skip locked}", "FOR UPDATE OF c SKIP LOCKED");
  }

  @Override
  public HotPath hotPath() {
    return HotPath.atOnce();
  }

  @Override
  public boolean locksRows() {
    return true;
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
