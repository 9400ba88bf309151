package antiphon.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The database's time, told by this machine's steady clock from the last time we asked. Half the
 * journey is the error: of a few questions the one with the quickest answer counts.
 */
final class PostgresClock implements InstantSource {

  private static final String NOW =
      "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

  private static final int QUESTIONS = 5;
  private static final int REMEMBERED = 4;

  /** The database's microseconds less this machine's steady ones. */
  private volatile long offsetMicros;

  /** The last few, by which a jump ahead is not believed before the living have seen it too. */
  private final long[] recent = new long[REMEMBERED];

  private int asked;
  private volatile long cautiousMicros;

  /** Asks the database what time it is. */
  synchronized void set(Connection connection) throws SQLException {
    long quickest = Long.MAX_VALUE;
    try (Statement statement = connection.createStatement()) {
      for (int i = 0; i < QUESTIONS; i++) {
        long before = steadyMicros();
        long told = ask(statement);
        long journey = steadyMicros() - before;
        if (journey < quickest) {
          quickest = journey;
          offsetMicros = told - (before + journey / 2);
        }
      }
    }
    remember(offsetMicros);
  }

  private void remember(long offset) {
    recent[asked++ % REMEMBERED] = offset;
    cautiousMicros = Arrays.stream(recent, 0, Math.min(asked, REMEMBERED)).min().orElse(offset);
  }

  /**
   * Milliseconds since 1970, by the slowest of the last few answers: when the database's clock has
   * jumped ahead, the time as it was before, until every living node has renewed its leases since.
   */
  long cautiousMillis() {
    return (steadyMicros() + cautiousMicros) / 1000;
  }

  private static long ask(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(NOW)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static long steadyMicros() {
    return TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
  }

  @Override
  public Instant instant() {
    long micros = steadyMicros() + offsetMicros;
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
  }
}
