package antiphon.store.signals;

import antiphon.core.store.Signals.Signal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Signals that are to be sent: the same one waits once, and beyond a bound new ones are dropped, as
 * signals may be.
 */
public final class Outbox {

  private static final int MOST_WAITING = 100_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private LinkedHashSet<Signal> waiting = new LinkedHashSet<>();

  /** Adds a signal; never waits for the network. */
  public void add(Signal signal) {
    lock.lock();
    try {
      if (waiting.size() < MOST_WAITING && waiting.add(signal)) {
        something.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes all there are, waiting for the first. */
  public List<Signal> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        something.await();
      }
      List<Signal> taken = new ArrayList<>(waiting);
      waiting = new LinkedHashSet<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Puts back what could not be sent. */
  public void putBack(List<Signal> signals) {
    signals.forEach(this::add);
  }
}
