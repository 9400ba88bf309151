package antiphon.core.agent;

import antiphon.core.agent.AgentStore.Open;
import antiphon.core.api.Responses;
import antiphon.core.call.Entry;
import antiphon.core.health.Pulse;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Signals;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Ends what was begun by responses that have ended, and wakes those that wait for what has ended.
 * It looks when a signal names one of them, and from time to time; what it does may be done by
 * several nodes at once, and again.
 */
final class AgentKeeper implements AutoCloseable {

  private static final int BATCH = 200;
  private static final int MOST_WATCHED = 100_000;

  /** How long what other nodes have left behind may wait. */
  private static final long LOOK_MILLIS = 1000;

  /** Logs that grow are not looked at for each event. */
  private static final long SOON_MILLIS = 50;

  /** A run that was stopped while it began a response may still do so, but not for long. */
  private static final long STRAGGLING_MILLIS = Duration.ofMinutes(1).toMillis();

  private final AgentStore calls;
  private final ResponseStore responses;
  private final Signals signals;
  private final Signals.Subscription subscription;
  private final Pulse pulse = new Pulse("care for agents", Duration.ofMinutes(5));
  private final Set<String> parents = ConcurrentHashMap.newKeySet();
  private final Set<String> children = ConcurrentHashMap.newKeySet();
  private @Nullable Thread thread;
  private boolean urgent;
  private boolean changed;
  private volatile boolean closed;

  AgentKeeper(AgentStore calls, ResponseStore responses, Signals signals) {
    this.calls = calls;
    this.responses = responses;
    this.signals = signals;
    this.subscription = signals.subscribe(this::signalled);
  }

  synchronized void begin(Responses api) {
    if (thread == null && !closed) {
      thread = Thread.ofVirtual().name("agent-keeper").start(() -> run(api));
    }
  }

  /** These two are worth a look when something is heard of them. */
  void watch(ResponseId parent, ResponseId child) {
    if (parents.size() > MOST_WATCHED) {
      // What other nodes have brought to its end is forgotten so; the rest is found from time to
      // time.
      parents.clear();
      children.clear();
    }
    parents.add(parent.value());
    children.add(child.value());
  }

  void forget(ResponseId child) {
    children.remove(child.value());
  }

  private void signalled(Signals.Signal signal) {
    switch (signal) {
      case Signals.Signal.Cancel(String id) -> {
        if (parents.contains(id)) {
          look();
        }
      }
      case Signals.Signal.Changed(String id) -> {
        if (parents.contains(id) || children.contains(id)) {
          lookSoon();
        }
      }
      case Signals.Signal.Queue _ -> {}
    }
  }

  synchronized void look() {
    urgent = true;
    notifyAll();
  }

  private synchronized void lookSoon() {
    if (!changed) {
      changed = true;
      notifyAll();
    }
  }

  private void run(Responses api) {
    try {
      while (!closed) {
        boolean _ = pulse.step(() -> look(api));
        rest();
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private synchronized void rest() throws InterruptedException {
    long began = System.nanoTime();
    while (!urgent && !closed) {
      long most = changed ? SOON_MILLIS : LOOK_MILLIS;
      long left = most - (System.nanoTime() - began) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    urgent = false;
    changed = false;
  }

  private void look(Responses api) throws InterruptedException {
    List<Open> due;
    do {
      due = calls.due(BATCH);
      boolean again = false;
      for (Open call : due) {
        again |= settle(api, call);
      }
      if (again) {
        lookSoon();
      }
    } while (due.size() == BATCH && !closed && progressed(due));
  }

  /** Whether there is more behind these than what waits for its parent. */
  private static boolean progressed(List<Open> due) {
    return due.stream().anyMatch(Open::parentEnded);
  }

  /** Gives whether it is to be looked at again soon. */
  private boolean settle(Responses api, Open call) throws InterruptedException {
    ResponseId child = call.child();
    if (!call.parentEnded()) {
      // Its run may not have let go of it yet, or is at another tool of it.
      return switch (responses.wake(call.parent(), new Entry.Woken(call.item(), null).json())) {
        case WOKEN -> {
          signals.publish(new Signals.Signal.Queue());
          yield false;
        }
        case NOT_WAITING -> true;
        case GONE -> false;
      };
    }
    if (child != null && !call.childEnded()) {
      cancel(api, child);
    }
    if (child != null || call.ageMillis() > STRAGGLING_MILLIS) {
      calls.done(call.parent(), call.item());
      parents.remove(call.parent().value());
      if (child != null) {
        children.remove(child.value());
      }
    }
    return false;
  }

  /** Cancels a response; one that has ended, or is gone, stays so. */
  static void cancel(Responses api, ResponseId child) throws InterruptedException {
    try {
      var _ = api.cancel(child);
    } catch (Rejected e) {
      if (!(e.problem() instanceof Problem.NotFound || e.problem() instanceof Problem.Invalid)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    subscription.close();
    closed = true;
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null) {
      running.interrupt();
    }
  }
}
