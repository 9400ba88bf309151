package antiphon.core.store;

import antiphon.core.health.Complaints;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a listener throws from the store.
 *
 * @param listener that may throw
 */
public record GuardedStoreListener(StoreListener listener) implements StoreListener {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedStoreListener.class);

  @Override
  public void submitted(String write) {
    guarded(() -> listener.submitted(write));
  }

  @Override
  public void executing(String write) {
    guarded(() -> listener.executing(write));
  }

  @Override
  public void executed(String write) {
    guarded(() -> listener.executed(write));
  }

  @Override
  public void committing(int writes) {
    guarded(() -> listener.committing(writes));
  }

  @Override
  public void committed(int writes, long nanos) {
    guarded(() -> listener.committed(writes, nanos));
  }

  @Override
  public void failed(int writes, Throwable cause) {
    guarded(() -> listener.failed(writes, cause));
  }

  private void guarded(Runnable told) {
    try {
      told.run();
    } catch (RuntimeException | Error e) {
      Complaints.error(LOG, "listener", "a listener of the store failed: " + listener, e);
    }
  }
}
