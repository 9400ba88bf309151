package antiphon.store.sqlite;

import antiphon.store.sql.Probe;

/**
 * How a SQLite store works.
 *
 * @param readers how many calls read at a time
 * @param durable whether a commit waits for the disk; false only for tests that need no durability
 * @param probe watches the store at work
 */
public record SqliteOptions(int readers, boolean durable, Probe probe) {

  /** For serving. */
  public static final SqliteOptions DEFAULT = new SqliteOptions(4, true, Probe.NONE);

  public SqliteOptions {
    if (readers < 1) {
      throw new IllegalArgumentException("readers: at least 1");
    }
  }
}
