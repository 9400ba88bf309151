package antiphon.store.postgres;

import antiphon.store.sql.Database;
import antiphon.store.sql.Probe;
import java.time.Duration;

/**
 * How a node uses PostgreSQL.
 *
 * @param url {@code postgresql://user:password@host:port/database?parameters}
 * @param threads how many threads work on it, each with a connection while it does
 * @param patience how long a call waits for a connection while the database cannot be reached
 * @param probe watches the store at work
 */
public record PostgresOptions(
    String url, Database.Threads threads, Duration patience, Probe probe) {

  /** Two writers, four for writes that may wait for another node, four for reading. */
  public static PostgresOptions at(String url) {
    return new PostgresOptions(
        url, new Database.Threads(2, 4, 4), Duration.ofSeconds(10), Probe.NONE);
  }

  /** The options without what is secret in the address. */
  @Override
  public String toString() {
    return "PostgresOptions[" + PostgresUrl.parse(url) + ", " + threads + ", " + patience + "]";
  }
}
