package antiphon.store.postgres;

import antiphon.core.life.Timer;
import antiphon.core.store.StoreException;
import antiphon.store.sql.SqlResponseStore;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.conversation.WordIndex;
import antiphon.store.sql.jdbc.Dialect;
import antiphon.store.sql.response.AtOnce;
import antiphon.store.sql.response.HotPath;
import antiphon.store.sql.response.ResponseGroups;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.flywaydb.core.api.FlywayException;

/**
 * Responses, their logs and API keys in a PostgreSQL database that any number of nodes share. Time
 * is the database's; a call that finds the database gone waits a while for it, then fails, and
 * later ones work again when it is back.
 */
public final class PostgresStore extends SqlResponseStore {

  private static final WordIndex WORDS = new PostgresWords();
  private static final HotPath PATH = new AtOnce(WORDS);

  private static final long CLOCK_SECONDS = 10;

  /** Who reads can be told to come again; what runs has to be written. */
  private static final Duration READING_PATIENCE = Duration.ofSeconds(2);

  private final Database database;
  private final HikariDataSource clockPool;
  private final PostgresClock clock;
  private final Timer clockSetter = new Timer("antiphon-postgres-clock", 1, this::setClockAgain);

  private PostgresStore(Database database, HikariDataSource pool, PostgresClock clock) {
    super(database, clock, PATH, WORDS);
    this.clockPool = pool;
    this.clock = clock;
    this.database = database;
  }

  private void start() {
    database.start();
    clockSetter.start();
  }

  private void setClockAgain() {
    long millis = CLOCK_SECONDS * 1000;
    clockSetter.every(millis, millis, this::setClock);
  }

  /** Opens a database with the usual options. */
  public static PostgresStore open(String url) {
    return open(PostgresOptions.at(url));
  }

  /**
   * Opens a database and brings its schema up.
   *
   * @throws StoreException if it cannot be reached in time, or refuses
   * @throws IllegalArgumentException if the address is none
   */
  public static PostgresStore open(PostgresOptions options) {
    PostgresUrl url = PostgresUrl.parse(options.url());
    Database.Threads threads = options.threads();
    HikariDataSource writing =
        Pools.open(
            url, options.patience(), "antiphon-writing", threads.writers() + threads.loners());
    HikariDataSource reading =
        Pools.open(url, READING_PATIENCE, "antiphon-reading", threads.readers() + 1);
    Dialect dialect = options.between().apply(new PostgresDialect());
    var clock = new PostgresClock();
    try {
      PostgresMigrations.migrate(url, writing);
      set(clock, reading);
      var database =
          new Database(
              "antiphon-postgres",
              threads,
              dialect,
              new ResponseGroups(PATH),
              new PooledSessions(writing, dialect),
              new PooledSessions(reading, dialect),
              options.listener());
      var store = new PostgresStore(database, reading, clock);
      store.start();
      return store;
    } catch (SQLException | FlywayException e) {
      writing.close();
      reading.close();
      throw new StoreException("cannot open " + url + ": " + e.getMessage(), e);
    }
  }

  private static void set(PostgresClock clock, HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      clock.set(connection);
    }
  }

  private void setClock() {
    try {
      set(clock, clockPool);
    } catch (SQLException | RuntimeException | Error e) {
      // It goes on by this machine's steady clock, and asks again; one that throws is not called.
    }
  }

  @Override
  protected long cautiousMillis() {
    return clock.cautiousMillis();
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public void close() {
    clockSetter.close();
    super.close();
  }
}
