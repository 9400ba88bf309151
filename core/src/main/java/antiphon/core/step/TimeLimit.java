package antiphon.core.step;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Interrupts the thread that has opened it, once, if it is not closed in time. */
final class TimeLimit implements AutoCloseable {

  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("tool-limits").factory());

  private final Thread limited = Thread.currentThread();
  private boolean over;
  private boolean closed;
  private Future<?> alarm = CompletableFuture.completedFuture(null);

  private TimeLimit() {}

  static TimeLimit of(Duration limit) {
    TimeLimit one = new TimeLimit();
    one.alarm = CLOCK.schedule(one::ring, limit.toMillis(), TimeUnit.MILLISECONDS);
    return one;
  }

  private synchronized void ring() {
    if (!closed) {
      over = true;
      limited.interrupt();
    }
  }

  /** Whether the thread was interrupted by this limit. */
  synchronized boolean isOver() {
    return over;
  }

  @Override
  public synchronized void close() {
    closed = true;
    alarm.cancel(false);
    if (over) {
      // Ours, and it has come too late or has been seen.
      var _ = Thread.interrupted();
    }
  }
}
