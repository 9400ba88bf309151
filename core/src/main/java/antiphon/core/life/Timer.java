package antiphon.core.life;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Platform threads that do something when its time has come. They come with what is scheduled. */
public final class Timer implements Lifecycle {

  private final String name;
  private final ScheduledExecutorService threads;
  private final Runnable first;
  private final AtomicBoolean started = new AtomicBoolean();

  /**
   * @param name the threads'
   * @param count how many things at a time
   * @param first schedules what is to be done, when it starts
   */
  public Timer(String name, int count, Runnable first) {
    this.name = name;
    this.threads =
        Executors.newScheduledThreadPool(count, Thread.ofPlatform().name(name).daemon().factory());
    this.first = first;
  }

  @Override
  public void start() {
    if (!started.compareAndSet(false, true) || threads.isShutdown()) {
      throw new IllegalStateException(name + " has been started or stopped before");
    }
    first.run();
  }

  /** Does something once, unless it has been stopped. */
  public void after(long millis, Runnable work) {
    if (!threads.isShutdown()) {
      var _ = threads.schedule(work, millis, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Does something again and again.
   *
   * @param pause between the end of one time and the beginning of the next, in milliseconds
   */
  public void every(long millis, long pause, Runnable work) {
    var _ = threads.scheduleWithFixedDelay(work, millis, pause, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  @Override
  public boolean stopped() {
    return threads.isTerminated();
  }
}
