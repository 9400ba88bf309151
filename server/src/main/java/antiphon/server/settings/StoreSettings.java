package antiphon.server.settings;

import antiphon.core.store.Retention;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where responses are kept, and for how long.
 *
 * @param url {@code postgresql://user:password@host:port/database}; null for SQLite in the data
 *     folder
 * @param signals {@code redis://…} to wake other nodes through Redis or Valkey; null for the
 *     store's own way
 * @param retentionDays how long a response can be read after its end
 * @param logHours how long its events can be read after its end
 */
public record StoreSettings(
    @Nullable String url, @Nullable String signals, int retentionDays, int logHours) {

  static final StoreSettings DEFAULT = new StoreSettings(null, null, 30, 24);

  private static final int MOST_DAYS = 36_500;

  public StoreSettings {
    Check.range("store.retention_days", retentionDays, 0, MOST_DAYS);
    Check.range("store.log_hours", logHours, 0, MOST_DAYS * 24);
    if (signals != null && url == null) {
      throw new IllegalArgumentException(
          "store.signals is for several nodes: it needs store.url, a PostgreSQL database");
    }
  }

  /** The same, kept elsewhere; null leaves what there is. */
  public StoreSettings at(@Nullable String newUrl, @Nullable String newSignals) {
    return new StoreSettings(
        newUrl == null ? url : newUrl,
        newSignals == null ? signals : newSignals,
        retentionDays,
        logHours);
  }

  /** How long what has ended is kept. */
  public Retention retention() {
    return new Retention(Duration.ofDays(retentionDays), Duration.ofHours(logHours));
  }

  /** Without the addresses: they hold passwords. */
  @Override
  public String toString() {
    return "StoreSettings[" + (url == null ? "SQLite" : "PostgreSQL") + "]";
  }
}
