package antiphon.core.run;

import antiphon.core.health.Pulse;
import antiphon.core.life.Lifecycle;
import antiphon.core.life.Timer;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Retention;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Removes what need not be kept any longer, a little at a time with rests between, so that what
 * runs hardly notices. How much at a time follows from how long the last time took: a fast database
 * keeps up with what is written, a slow one is not held up. Every node does it; the store lets one
 * at a time.
 */
public final class RetentionJob implements Lifecycle {

  private static final int LEAST = 200;
  private static final int MOST = 20_000;

  /** Where there is one writer, whoever writes at the same time may have to wait for so long … */
  private static final long ALONE_MILLIS = 10;

  /** … and elsewhere nobody waits, so each turn may be worth its while. */
  private static final long SHARED_MILLIS = 100;

  private static final long IDLE_MILLIS = 30_000;
  private static final long BUSY_MILLIS = 1000;

  private final ResponseStore store;
  private final Retention retention;
  private final long goal;
  private int batch = LEAST;

  /** Nobody waits for it: it is not among those that readiness is made of. */
  private final Pulse pulse = new Pulse("removal of old responses", Duration.ofMinutes(5));

  private final Timer timer = new Timer("retention", 1, () -> again(BUSY_MILLIS));

  public RetentionJob(ResponseStore store, Retention retention) {
    this.store = store;
    this.retention = retention;
    this.goal = store.shared() ? SHARED_MILLIS : ALONE_MILLIS;
  }

  @Override
  public void start() {
    timer.start();
  }

  private void again(long millis) {
    timer.after(millis, this::remove);
  }

  private void remove() {
    AtomicInteger removed = new AtomicInteger();
    long began = System.nanoTime();
    var _ = pulse.step(() -> removed.set(store.purge(retention, batch)));
    long took = (System.nanoTime() - began) / 1_000_000;
    again(rest(removed.get(), took));
  }

  /** As long as the work, so that it takes half of one connection's time at most. */
  private long rest(int removed, long took) {
    if (removed < 0) {
      // Another node is at it, and may stop before it is done.
      return BUSY_MILLIS;
    }
    if (removed == 0) {
      batch = LEAST;
      return IDLE_MILLIS;
    }
    batch = next(batch, took, goal);
    return Math.max(1, took);
  }

  /**
   * How many rows of each kind next time.
   *
   * @param took how long the last ones took, in milliseconds
   * @param goal how long they are to take
   */
  static int next(int batch, long took, long goal) {
    if (took > 2 * goal) {
      return Math.max(LEAST, batch / 2);
    }
    return took <= goal ? Math.min(MOST, batch * 2) : batch;
  }

  @Override
  public void close() {
    timer.close();
  }

  @Override
  public boolean stopped() {
    return timer.stopped();
  }
}
