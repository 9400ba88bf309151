package antiphon.core.run;

import antiphon.core.health.Pulse;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Retention;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Removes what need not be kept any longer, a little at a time with rests between, so that what
 * runs hardly notices. Every node does it; the store lets one at a time.
 */
public final class StoreKeeper implements AutoCloseable {

  private static final int BATCH = 200;
  private static final long REST_MILLIS = 50;
  private static final long IDLE_MILLIS = 30_000;

  private final ResponseStore store;
  private final Retention retention;

  /** Nobody waits for it: it is not among those that readiness is made of. */
  private final Pulse pulse = new Pulse("removal of old responses", Duration.ofMinutes(5));

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("store-keeper").daemon().factory());

  /** Begins soon. */
  public StoreKeeper(ResponseStore store, Retention retention) {
    this.store = store;
    this.retention = retention;
    again(REST_MILLIS);
  }

  private void again(long millis) {
    var _ = timer.schedule(this::remove, millis, TimeUnit.MILLISECONDS);
  }

  private void remove() {
    AtomicBoolean more = new AtomicBoolean();
    var _ = pulse.step(() -> more.set(store.purge(retention, BATCH) > 0));
    if (!timer.isShutdown()) {
      again(more.get() ? REST_MILLIS : IDLE_MILLIS);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
