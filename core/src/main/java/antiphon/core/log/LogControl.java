package antiphon.core.log;

import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * The state of a live log: open, sealed, over; whose thread writes it, and how it ended. Whoever
 * ends it interrupts that thread.
 */
abstract class LogControl extends GuardedState {

  /** Something has changed that somebody may wait for. */
  final Condition changed = lock.newCondition();

  /** Apart, so that who waits for the end alone is not woken by each event. */
  private final Condition over = lock.newCondition();

  private final Beginning beginning = new Beginning();
  private volatile boolean steered;
  private Phase phase = Phase.OPEN;
  private @Nullable Thread runner;
  private @Nullable Outcome outcome;

  LogControl(ResponseState state) {
    super(state);
  }

  /** Whether it takes events; to be asked under the lock. */
  final boolean isOpen() {
    return phase == Phase.OPEN;
  }

  /** Whether the calling thread is the run's; to be asked under the lock. */
  final boolean isRunner() {
    return runner == Thread.currentThread();
  }

  /** How it ended, if it has; to be asked under the lock. */
  final @Nullable Outcome ended() {
    return outcome;
  }

  /** From here on nobody can add anything; to be called under the lock, once. */
  final void seal() {
    phase = Phase.SEALED;
    interruptRunner();
  }

  /**
   * Makes the calling thread the one that is interrupted when the response ends elsewhere.
   *
   * @return false if it has ended already: the run is not to begin
   */
  public boolean attach() {
    return locked(() -> {
      runner = Thread.currentThread();
      return phase == Phase.OPEN;
    });
  }

  /** The run is over: its thread is not to be interrupted any more. */
  public void detach() {
    exclusively(() -> runner = null);
  }

  /** Whether an end is under way: the store may show it to others already. */
  public boolean ending() {
    return locked(() -> phase == Phase.SEALED);
  }

  /** Waits for an end that is under way, if one is: until then the store does not tell all. */
  public void awaitSettled() {
    exclusively(this::settled);
  }

  final void settled() {
    while (phase == Phase.SEALED) {
      changed.awaitUninterruptibly();
    }
  }

  /** Somebody has more to say: the run is to end between two of the model's turns. */
  public void steer() {
    steered = true;
  }

  /** Whether somebody has. */
  public boolean steered() {
    return steered;
  }

  /** Whether an engine has taken the response on. */
  public Beginning beginning() {
    return beginning;
  }

  /** How it ended, waiting for it. */
  public Outcome awaitEnd() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (outcome == null) {
        over.await();
      }
      return outcome;
    } finally {
      lock.unlock();
    }
  }

  /** Somebody else ended the response or took it over: stops the run; readers go to the store. */
  public void lose() {
    lose(false);
  }

  /** The store cannot be reached any more: stops the run before another node may take it over. */
  public void cutOff() {
    lose(true);
  }

  private void lose(boolean silent) {
    exclusively(() -> {
      if (outcome == null && phase == Phase.OPEN) {
        finish(new Outcome.Lost(silent));
        interruptRunner();
      }
    });
  }

  /** How it ended on this node, if it has. */
  public @Nullable Outcome outcome() {
    return locked(() -> outcome);
  }

  final Outcome finish(Outcome result) {
    outcome = result;
    phase = Phase.OVER;
    changed.signalAll();
    over.signalAll();
    beginning.over();
    return result;
  }

  final void interruptRunner() {
    if (runner != null && runner != Thread.currentThread()) {
      runner.interrupt();
    }
  }

  enum Phase {
    OPEN,
    SEALED,
    OVER
  }
}
