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
    try {
      listener.submitted(write);
    } catch (RuntimeException | Error e) {
      complain(e);
    }
  }

  @Override
  public void executing(String write) {
    try {
      listener.executing(write);
    } catch (RuntimeException | Error e) {
      complain(e);
    }
  }

  @Override
  public void executed(String write) {
    try {
      listener.executed(write);
    } catch (RuntimeException | Error e) {
      complain(e);
    }
  }

  @Override
  public void committing(int writes) {
    try {
      listener.committing(writes);
    } catch (RuntimeException | Error e) {
      complain(e);
    }
  }

  @Override
  public void committed(int writes, long nanos) {
    try {
      listener.committed(writes, nanos);
    } catch (RuntimeException | Error e) {
      complain(e);
    }
  }

  @Override
  public void failed(int writes, Throwable cause) {
    try {
      listener.failed(writes, cause);
    } catch (RuntimeException | Error e) {
      complain(e);
    }
  }

  private void complain(Throwable cause) {
    Complaints.error(LOG, "listener", "a listener of the store failed: " + listener, cause);
  }
}
