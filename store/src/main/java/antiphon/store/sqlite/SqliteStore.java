package antiphon.store.sqlite;

import antiphon.core.store.StoreException;
import antiphon.store.sql.SqlResponseStore;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.conversation.WordIndex;
import antiphon.store.sql.jdbc.KeptSessions;
import antiphon.store.sql.jdbc.Session;
import antiphon.store.sql.response.HotPath;
import antiphon.store.sql.response.ResponseGroups;
import antiphon.store.sql.response.Stepwise;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;

/**
 * Responses, their logs and API keys in one SQLite file that this process has to itself. A commit
 * is on the disk before its future completes.
 */
public final class SqliteStore extends SqlResponseStore {

  private static final WordIndex WORDS = new SqliteWords();
  private static final HotPath PATH = new Stepwise(WORDS);

  private final SqliteFile data;
  private final FileClaim claim;

  private SqliteStore(SqliteFile data, Database database, FileClaim claim) {
    // One machine: its clock is the database's.
    super(database, InstantSource.system(), PATH, WORDS);
    this.data = data;
    this.claim = claim;
  }

  /** Opens a data file with the usual options. */
  public static SqliteStore open(Path file) {
    return open(file, SqliteOptions.DEFAULT);
  }

  /**
   * Opens a data file, making it if there is none. Whatever an earlier process still ran counts as
   * abandoned from now on.
   *
   * @throws StoreException if another process has it open, or it cannot be used
   */
  public static SqliteStore open(Path file, SqliteOptions options) {
    var data = new SqliteFile(file, options);
    data.prepare();
    FileClaim claim = claim(data);
    try {
      try (Session session = data.write()) {
        voidLeases(session);
      }
      return new SqliteStore(data, start(data, options), claim);
    } catch (SQLException e) {
      claim.close();
      throw data.unusable(e);
    } catch (RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  private static FileClaim claim(SqliteFile data) {
    try {
      return FileClaim.take(data);
    } catch (SQLException | IOException e) {
      throw data.unusable(e);
    }
  }

  static Database start(SqliteFile data, SqliteOptions options) {
    Database database =
        new Database(
            "antiphon-sqlite",
            new Database.Threads(1, 0, options.readers()),
            data.dialect(),
            new ResponseGroups(PATH),
            new KeptSessions(data::write),
            new KeptSessions(data::read),
            options.listener());
    database.start();
    return database;
  }

  /** The file is locked: it is this process's alone. */
  @Override
  public boolean shared() {
    return false;
  }

  @Override
  protected boolean erase() {
    try {
      return data.emptyLog();
    } catch (SQLException e) {
      throw new StoreException("empty the log", e);
    }
  }

  @Override
  public void close() {
    super.close();
    claim.close();
  }
}
