package antiphon.engines.upstream;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import okhttp3.ConnectionPool;
import okhttp3.internal.concurrent.TaskRunner;
import okhttp3.internal.connection.ConnectionListener;

/**
 * Connections kept for the next call. OkHttp's own pool wakes a thread each time that one becomes
 * idle, to look at all of them; at some thousand calls a second that is a tenth of the work
 * (measured: docs/performance.md). This one looks once a second. It is the only place that knows
 * OkHttp from within.
 */
final class Connections {

  private static final long LOOK_MILLIS = 1000;

  private Connections() {}

  /**
   * A pool of idle connections.
   *
   * @param idle how many it keeps
   * @param kept how long; below a second it may be up to one
   */
  static ConnectionPool pool(int idle, Duration kept) {
    Logger log = Logger.getLogger(Connections.class.getName());
    return new ConnectionPool(
        idle,
        kept.toMillis(),
        TimeUnit.MILLISECONDS,
        new TaskRunner(new Seldom(), log),
        ConnectionListener.Companion.getNONE());
  }

  /** Runs the pool's upkeep, and never hurries for it. */
  private static final class Seldom implements TaskRunner.Backend {

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public void coordinatorNotify(TaskRunner runner) {
      // It looks by itself.
    }

    @Override
    @SuppressWarnings({"WaitNotInLoop"}) // The caller has the loop.
    public void coordinatorWait(TaskRunner runner, long nanos) {
      long millis = Math.clamp(TimeUnit.NANOSECONDS.toMillis(nanos), 1, LOOK_MILLIS);
      try {
        runner.wait(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public <T> BlockingQueue<T> decorate(BlockingQueue<T> queue) {
      return queue;
    }

    @Override
    public void execute(TaskRunner runner, Runnable work) {
      Thread.ofPlatform().name("antiphon-connections").daemon().start(work);
    }
  }
}
