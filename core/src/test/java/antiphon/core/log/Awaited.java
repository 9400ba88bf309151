package antiphon.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what will be so soon. */
final class Awaited {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Awaited() {}

  static void until(BooleanSupplier so) {
    long since = System.nanoTime();
    while (!so.getAsBoolean()) {
      assertThat(System.nanoTime() - since).isLessThan(LIMIT.toNanos());
      LockSupport.parkNanos(1_000_000);
    }
  }
}
