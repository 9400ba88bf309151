package antiphon.store.sqlite;

import antiphon.store.sql.jdbc.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * SQLite's own words. The one writer needs no row locks: its transaction holds the whole database.
 */
final class SqliteDialect implements Dialect {

  private static final int READ_ONLY = 8;
  private static final int IO_ERROR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANNOT_OPEN = 14;

  private static final String NOW = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

  /**
   * One process has the file: while it lives, so do its runs, however long it was paused and
   * whatever became of the clock. Only a lease of 0 is over.
   */
  private static final String NEVER = "0";

  /** What is deleted is overwritten where its page is written anyway. */
  static final String OVERWRITE_SOME = "PRAGMA secure_delete = FAST";

  @Override
  public Optional<String> overwriting(boolean all) {
    return Optional.of(all ? "PRAGMA secure_delete = ON" : OVERWRITE_SOME);
  }

  @Override
  public String translate(String sql) {
    return sql.replace("${now}", NOW)
        .replace("${lease now}", NEVER)
        .replace("${lease now by ?}", "min(" + NEVER + ", ?)")
        .replace("${each ?}", "json_each(?) AS k")
        .replace("${for update}", "")
        .replace("${skip locked}", "");
  }

  /** A full or broken disk, a file that is gone or may not be written. */
  @Override
  public boolean broken(SQLException failure) {
    return switch (failure.getErrorCode() & 0xff) {
      case FULL, IO_ERROR, READ_ONLY, CORRUPT, CANNOT_OPEN -> true;
      default -> false;
    };
  }

  @Override
  public boolean locksRows() {
    return false;
  }

  /** The transaction has the whole database to itself anyway. */
  @Override
  public boolean tryLock(Connection connection, int lock) {
    return true;
  }

  /**
   * Takes the write lock at once: a transaction that begins by reading may fail to get it later.
   */
  @Override
  public void begin(Connection connection) throws SQLException {
    execute(connection, "BEGIN IMMEDIATE");
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    execute(connection, "COMMIT");
  }

  @Override
  public void rollback(Connection connection) throws SQLException {
    execute(connection, "ROLLBACK");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
