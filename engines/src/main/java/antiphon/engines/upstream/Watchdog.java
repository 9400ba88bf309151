package antiphon.engines.upstream;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/**
 * Cancels calls that keep silent for too long. One thread for all calls: a token only moves a
 * number, and the timer looks at the number when it fires.
 */
final class Watchdog implements AutoCloseable {

  private final ScheduledThreadPoolExecutor timer;

  Watchdog(String name) {
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("limits of " + name).factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Watches a call from now on, with the limit for the first token and that for the turn. */
  Watch watch(Call call, Limits limits) {
    return new Watch(call, limits);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** The limits of one call. */
  final class Watch implements AutoCloseable {

    private final Call call;
    private final Limits limits;
    private final long end;
    private volatile long deadline;
    private volatile Phase phase = Phase.FIRST_TOKEN;
    private volatile @Nullable Phase broken;
    private volatile @Nullable ScheduledFuture<?> next;
    private volatile boolean closed;
    private boolean hurried;

    private Watch(Call call, Limits limits) {
      this.call = call;
      this.limits = limits;
      long now = System.nanoTime();
      end = now + limits.turn().toNanos();
      deadline = now + limits.firstToken().toNanos();
      schedule(now);
    }

    /** A token has come: now the limit between tokens counts. */
    void token() {
      phase = Phase.BETWEEN_TOKENS;
      deadline = System.nanoTime() + limits.betweenTokens().toNanos();
      if (limits.betweenTokens().compareTo(limits.firstToken()) < 0 && !hurried) {
        hurried = true;
        reschedule();
      }
    }

    /** What took too long, or null while nothing has. */
    @Nullable String exceeded() {
      Phase which = broken;
      if (which == null) {
        return null;
      }
      return switch (which) {
        case FIRST_TOKEN -> "sent no token within " + text(limits.firstToken());
        case BETWEEN_TOKENS -> "sent no further token for " + text(limits.betweenTokens());
        case TURN -> "did not end within " + text(limits.turn());
      };
    }

    private void reschedule() {
      ScheduledFuture<?> before = next;
      if (before != null) {
        before.cancel(false);
      }
      schedule(System.nanoTime());
    }

    private void schedule(long now) {
      long wait = Math.min(deadline - now, end - now);
      if (!closed && !timer.isShutdown()) {
        next = timer.schedule(this::look, Math.max(0, wait), TimeUnit.NANOSECONDS);
      }
    }

    private void look() {
      long now = System.nanoTime();
      if (closed) {
        return;
      }
      if (now - end >= 0) {
        breakOff(Phase.TURN);
      } else if (now - deadline >= 0) {
        breakOff(phase);
      } else {
        schedule(now);
      }
    }

    private void breakOff(Phase which) {
      broken = which;
      call.cancel();
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

  private static String text(Duration limit) {
    return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }

  private enum Phase {
    FIRST_TOKEN,
    BETWEEN_TOKENS,
    TURN
  }
}
