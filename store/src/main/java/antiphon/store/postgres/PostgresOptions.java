package antiphon.store.postgres;

import antiphon.core.store.StoreListener;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.jdbc.Dialect;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * How a node uses PostgreSQL.
 *
 * @param url {@code postgresql://user:password@host:port/database?parameters}
 * @param threads how many threads work on it, each with a connection while it does
 * @param patience how long a call waits for a connection while the database cannot be reached
 * @param listener hears of the writes
 * @param between comes between the store and its database; tests make faults with it
 */
public record PostgresOptions(
    String url,
    Database.Threads threads,
    Duration patience,
    StoreListener listener,
    UnaryOperator<Dialect> between) {

  /** With nobody who hears of it. */
  public PostgresOptions(String url, Database.Threads threads, Duration patience) {
    this(url, threads, patience, StoreListener.NONE, UnaryOperator.identity());
  }

  /** Two writers, four for writes that may wait for another node, four for reading. */
  public static PostgresOptions at(String url) {
    return new PostgresOptions(url, new Database.Threads(2, 4, 4), Duration.ofSeconds(10));
  }

  /** The same with a listener. */
  public PostgresOptions with(StoreListener another) {
    return new PostgresOptions(url, threads, patience, another, between);
  }

  /** The options without what is secret in the address. */
  @Override
  public String toString() {
    return "PostgresOptions[" + PostgresUrl.parse(url) + ", " + threads + ", " + patience + "]";
  }
}
