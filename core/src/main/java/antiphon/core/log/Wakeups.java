package antiphon.core.log;

import antiphon.core.store.Signals;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Those on this node who wait for a response that runs elsewhere, or has not begun. */
public final class Wakeups implements AutoCloseable {

  private final ConcurrentHashMap<String, Set<Wait>> waiting = new ConcurrentHashMap<>();
  private final Duration longest;
  private final Signals.Subscription subscription;

  /**
   * @param longest how long to wait at most before looking again, for lost signals
   */
  public Wakeups(Signals signals, Duration longest) {
    this.longest = longest;
    this.subscription =
        signals.subscribe(signal -> {
          switch (signal) {
            case Signals.Signal.Changed(String id) -> wake(id);
            case Signals.Signal.Queue _, Signals.Signal.Cancel _ -> {}
          }
        });
  }

  /** Begins to listen: what happens to this response from now on ends the wait. */
  public Wait register(String id) {
    Wait wait = new Wait(id);
    waiting.compute(
        id,
        (_, waits) -> {
          Set<Wait> all = waits == null ? ConcurrentHashMap.newKeySet() : waits;
          all.add(wait);
          return all;
        });
    return wait;
  }

  /** The response has changed. */
  public void wake(String id) {
    Set<Wait> waits = waiting.get(id);
    if (waits != null) {
      waits.forEach(wait -> wait.woken.release());
    }
  }

  @Override
  public void close() {
    subscription.close();
  }

  /** One who waits. */
  public final class Wait implements AutoCloseable {
    private final String id;
    private final Semaphore woken = new Semaphore(0);

    private Wait(String id) {
      this.id = id;
    }

    /** Waits for a change, the patience, or the time to look again, whichever is first. */
    public void await(Duration patience) throws InterruptedException {
      long nanos = Math.min(patience.toNanos(), longest.toNanos());
      var _ = woken.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
      waiting.computeIfPresent(
          id,
          (_, waits) -> {
            waits.remove(this);
            return waits.isEmpty() ? null : waits;
          });
    }
  }
}
