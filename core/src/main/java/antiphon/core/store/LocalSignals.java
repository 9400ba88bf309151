package antiphon.core.store;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signals of a store that only one process uses. */
public final class LocalSignals implements Signals {

  private static final Logger LOG = LoggerFactory.getLogger(LocalSignals.class);

  private final CopyOnWriteArrayList<Consumer<Signal>> listeners = new CopyOnWriteArrayList<>();

  @Override
  public void publish(Signal signal) {
    for (Consumer<Signal> listener : listeners) {
      try {
        listener.accept(signal);
      } catch (RuntimeException | Error e) {
        // One that fails must keep neither the others nor the sender from their work.
        LOG.error("a listener failed on {}", signal, e);
      }
    }
  }

  @Override
  public Subscription subscribe(Consumer<Signal> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void close() {
    listeners.clear();
  }
}
