package antiphon.core.run;

import antiphon.core.store.ResponseStore;
import antiphon.core.store.Retention;
import antiphon.core.store.StoreException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what need not be kept any longer, a little at a time with rests between, so that what
 * runs hardly notices. Every node does it; the store lets one at a time.
 */
public final class StoreKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StoreKeeper.class);
  private static final int BATCH = 200;
  private static final long REST_MILLIS = 50;
  private static final long IDLE_MILLIS = 30_000;

  private final ResponseStore store;
  private final Retention retention;
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
    boolean more = false;
    try {
      more = store.purge(retention, BATCH) > 0;
    } catch (StoreException e) {
      LOG.warn("old responses could not be removed, will try again: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("old responses could not be removed, will try again", e);
    }
    if (!timer.isShutdown()) {
      again(more ? REST_MILLIS : IDLE_MILLIS);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
