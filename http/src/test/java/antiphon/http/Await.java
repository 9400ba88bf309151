package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Waits for conditions. */
final class Await {

  private static final long PATIENCE = 15_000_000_000L;
  private static final long SETTLED = 300_000_000L;

  private Await() {}

  static void until(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  /** Until a count that moves stands still. */
  static void settled(IntSupplier count) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE;
    int last = -1;
    long since = System.nanoTime();
    while (last <= 0 || System.nanoTime() - since < SETTLED) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      int now = count.getAsInt();
      if (now != last) {
        last = now;
        since = System.nanoTime();
      }
      Thread.sleep(5);
    }
  }
}
