package antiphon.store.sqlite;

import antiphon.core.store.StoreListener;
import antiphon.store.sql.jdbc.Dialect;
import java.util.function.UnaryOperator;

/**
 * How a SQLite store works.
 *
 * @param readers how many calls read at a time
 * @param durable whether a commit waits for the disk; false only for tests that need no durability
 * @param listener hears of the writes
 * @param between comes between the store and its database; tests make faults with it
 */
public record SqliteOptions(
    int readers, boolean durable, StoreListener listener, UnaryOperator<Dialect> between) {

  /** For serving. */
  public static final SqliteOptions DEFAULT = new SqliteOptions(4, true);

  /** With nobody who hears of it. */
  public SqliteOptions(int readers, boolean durable) {
    this(readers, durable, StoreListener.NONE, UnaryOperator.identity());
  }

  /** The same with a listener. */
  public SqliteOptions with(StoreListener another) {
    return new SqliteOptions(readers, durable, another, between);
  }

  public SqliteOptions {
    if (readers < 1) {
      throw new IllegalArgumentException("readers: at least 1");
    }
  }
}
