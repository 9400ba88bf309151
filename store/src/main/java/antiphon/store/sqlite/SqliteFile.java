package antiphon.store.sqlite;

import antiphon.core.store.StoreException;
import antiphon.store.sql.jdbc.Dialect;
import antiphon.store.sql.jdbc.Session;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;

/** The data file: how connections to it are opened. */
final class SqliteFile {

  private static final int BUSY_MILLIS = 10_000;
  private static final int CACHE_KIB = 16 * 1024;

  /** Checkpoints are the dear part of a commit: rarely, at 32 MiB of log. */
  private static final int CHECKPOINT_PAGES = 8 * 1024;

  private static final int LOG_MILLIS = 100;

  private final Path file;
  private final SqliteOptions options;
  private final Dialect dialect;

  SqliteFile(Path file, SqliteOptions options) {
    this.file = file.toAbsolutePath();
    this.options = options;
    this.dialect = options.between().apply(new SqliteDialect());
  }

  /** Makes the folder and the file, readable for their owner alone, and brings the schema up. */
  void prepare() {
    try {
      Files.createDirectories(file.getParent());
      createPrivately();
      try (Connection connection = connect(false)) {
        SqliteMigrations.migrate(connection);
      }
    } catch (IOException e) {
      throw unusable(e);
    } catch (SQLException e) {
      throw unusable(e);
    }
  }

  /** What to do about a file that cannot be used, in one line. */
  StoreException unusable(Exception cause) {
    String reason =
        cause instanceof FileSystemException failed && failed.getReason() == null
            ? failed.getClass().getSimpleName() + ": " + failed.getFile()
            : String.valueOf(cause.getMessage());
    return new StoreException(
        "The data file %s cannot be used (%s): see that it and its folder can be written to, or give another folder with --data."
            .formatted(file, reason),
        cause);
  }

  Dialect dialect() {
    return dialect;
  }

  Path path() {
    return file;
  }

  Session write() throws SQLException {
    Connection connection = connect(false);
    try (Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(SqliteDialect.OVERWRITE_SOME);
    }
    return new Session(connection, dialect);
  }

  Session read() throws SQLException {
    return new Session(connect(true), dialect);
  }

  Connection connect(boolean readOnly) throws SQLException {
    var config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(options.durable() ? SynchronousMode.FULL : SynchronousMode.OFF);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setCacheSize(-CACHE_KIB);
    config.setTempStore(TempStore.MEMORY);
    config.setReadOnly(readOnly);
    // Nobody asks for them, and every insert would pay a query for them.
    config.setGetGeneratedKeys(false);
    config.setWalAutocheckpoint(CHECKPOINT_PAGES);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /**
   * Brings all of the log into the file and empties it, so that what was deleted is not in the log
   * any more.
   *
   * @return false if somebody reads or writes for so long that it cannot be done now
   */
  boolean emptyLog() throws SQLException {
    try (Connection connection = connect(false);
        Statement statement = connection.createStatement()) {
      // Writers wait for this, so it must not wait for readers.
      boolean _ = statement.execute("PRAGMA busy_timeout = " + LOG_MILLIS);
      try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
        return row.next() && row.getInt(1) == 0;
      }
    }
  }

  private void createPrivately() throws IOException {
    boolean posix = Files.getFileStore(file.getParent()).supportsFileAttributeView("posix");
    if (posix && Files.notExists(file)) {
      var ownerOnly = PosixFilePermissions.fromString("rw-------");
      Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
    }
  }
}
