package antiphon.tools.mcp.client;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Breaks off what takes too long. One thread for all; a sign of life only moves a number, which the
 * timer looks at when it fires.
 */
public final class Deadlines implements AutoCloseable {

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("antiphon-tool-limits").factory());

  public Deadlines() {
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Watches from now on.
   *
   * @param breakOff what to do when it has taken too long; quick
   * @param silence without a sign of life
   * @param whole in any case
   */
  Watch watch(Runnable breakOff, Duration silence, Duration whole) {
    return new Watch(breakOff, silence, whole);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** One that is watched. */
  final class Watch implements AutoCloseable {

    private final Runnable breakOff;
    private final Duration silence;
    private final long end;
    private volatile long deadline;
    private volatile boolean exceeded;
    private volatile boolean closed;
    private volatile @Nullable ScheduledFuture<?> next;

    private Watch(Runnable breakOff, Duration silence, Duration whole) {
      this.breakOff = breakOff;
      this.silence = silence;
      long now = System.nanoTime();
      end = now + whole.toNanos();
      deadline = now + silence.toNanos();
      schedule(now);
    }

    /** It goes on. */
    void alive() {
      deadline = System.nanoTime() + silence.toNanos();
    }

    /** Whether it has been broken off. */
    boolean exceeded() {
      return exceeded;
    }

    /** How long it may still take, at most. */
    Duration left() {
      return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private void schedule(long now) {
      if (!closed && !timer.isShutdown()) {
        long wait = Math.max(0, Math.min(deadline - now, end - now));
        next = timer.schedule(this::look, wait, TimeUnit.NANOSECONDS);
      }
    }

    private void look() {
      long now = System.nanoTime();
      if (closed) {
        return;
      }
      if (now - end >= 0 || now - deadline >= 0) {
        exceeded = true;
        breakOff.run();
      } else {
        schedule(now);
      }
    }

    @Override
    public void close() {
      closed = true;
      ScheduledFuture<?> waiting = next;
      if (waiting != null) {
        waiting.cancel(false);
      }
    }
  }
}
