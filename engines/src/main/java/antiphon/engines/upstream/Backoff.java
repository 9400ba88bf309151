package antiphon.engines.upstream;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** How long to wait before a call is made again. */
final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(8);

  /** An engine that asks for more patience is not asked again: its client can decide better. */
  private static final Duration MOST_ASKED = Duration.ofSeconds(20);

  private Backoff() {}

  /**
   * Whether the wait the engine asked for is one worth waiting.
   *
   * @param asked by {@code Retry-After}, or null
   */
  static boolean bearable(@Nullable Duration asked) {
    return asked == null || asked.compareTo(MOST_ASKED) <= 0;
  }

  /**
   * The wait before the next attempt: as asked, else doubling; half of it is chance, so that many
   * runs that failed together do not come back together.
   *
   * @param attempt from 0
   */
  static Duration pause(int attempt, @Nullable Duration asked) {
    if (asked != null) {
      return asked.plusMillis(ThreadLocalRandom.current().nextLong(100));
    }
    long most = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(attempt, 10));
    return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
  }
}
