package antiphon.core.store;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Signals of a store that only one process uses. */
public final class LocalSignals implements Signals {

  private final CopyOnWriteArrayList<Consumer<Signal>> listeners = new CopyOnWriteArrayList<>();

  @Override
  public void publish(Signal signal) {
    for (Consumer<Signal> listener : listeners) {
      listener.accept(signal);
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
