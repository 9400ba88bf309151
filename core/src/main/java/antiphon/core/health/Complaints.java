package antiphon.core.health;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Complaints in the log, one line a minute for each kind: the first is told at once, what follows
 * is counted and told with the last of it when the minute is over. A stack trace comes with the
 * first of a kind alone.
 */
public final class Complaints {

  private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);
  private static final long MINUTE = 60_000_000_000L;
  private static final int MOST_KINDS = 1000;
  private static final Complaints ALL = new Complaints(System::nanoTime);

  private final LongSupplier nanos;
  private final ConcurrentHashMap<Kind, Count> counts = new ConcurrentHashMap<>();

  Complaints(LongSupplier nanos) {
    this.nanos = nanos;
  }

  private record Kind(String logger, String name) {}

  /** What has been complained of since the last line. */
  private static final class Count {
    private final Logger log;
    private final boolean error;
    private long told;
    private int untold;
    private String last = "";

    Count(Logger log, boolean error, long told) {
      this.log = log;
      this.error = error;
      this.told = told;
    }
  }

  /**
   * Something went wrong that is not the program's fault.
   *
   * @param kind what counts as the same
   * @param message in one line
   */
  public static void warn(Logger log, String kind, String message) {
    ALL.add(log, kind, false, message, null);
  }

  /** Something went wrong that may be the program's fault. */
  public static void error(Logger log, String kind, String message, Throwable cause) {
    ALL.add(log, kind, true, message, cause);
  }

  /** Tells what was counted in minutes that are over; to be called now and then. */
  public static void flush() {
    ALL.tellOld();
  }

  void add(Logger log, String kind, boolean error, String message, @Nullable Throwable cause) {
    if (counts.size() > MOST_KINDS) {
      tellOld();
    }
    Kind key = new Kind(log.getName(), counts.size() > MOST_KINDS ? "other" : kind);
    counts.compute(
        key,
        (_, known) -> {
          if (known == null) {
            Count fresh = new Count(log, error, nanos.getAsLong());
            tell(fresh, message, cause);
            return fresh;
          }
          known.untold++;
          known.last = cause == null ? message : message + ": " + cause;
          return known;
        });
  }

  void tellOld() {
    long now = nanos.getAsLong();
    for (Kind kind : counts.keySet()) {
      counts.computeIfPresent(
          kind,
          (_, count) -> {
            if (now - count.told < MINUTE) {
              return count;
            }
            if (count.untold == 0) {
              return null;
            }
            tell(
                count,
                count.untold + " more like this in the last minute, the last: " + count.last,
                null);
            count.told = now;
            count.untold = 0;
            return count;
          });
    }
  }

  private static void tell(Count count, String message, @Nullable Throwable cause) {
    try {
      if (count.error) {
        count.log.error(message, cause);
      } else {
        count.log.warn(message);
      }
    } catch (RuntimeException e) {
      LOG.error("a complaint could not be told", e);
    }
  }
}
