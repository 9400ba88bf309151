package antiphon.server.life;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.Assertions;

/** Waits for what will be so soon. */
final class Await {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private Await() {}

  /** Waits until it is so, or fails. */
  static void until(String what, BooleanSupplier so) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        Assertions.fail("not in %s: %s", LIMIT, what);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
