package antiphon.core.run;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.protocol.response.ServiceTier;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Who may run now on this node. What cannot run waits: {@code priority} before {@code auto} and
 * {@code default} before {@code flex}; inside a tier the tenant with the least running goes first,
 * then the oldest. Each eighth place goes to {@code flex} if any waits, so that it never starves.
 */
public final class Admission {

  private static final int FLEX_SHARE = 8;

  private final int capacity;
  private final int maxWaiting;

  private final Map<Rank, Map<String, ArrayDeque<Waiter>>> waiting = new EnumMap<>(Rank.class);
  private final Map<String, Integer> running = new HashMap<>();
  private int total;
  private int waitingCount;
  private long granted;

  /**
   * @param capacity how many may run at once
   * @param maxWaiting how many may wait; one more is refused with 429
   */
  public Admission(int capacity, int maxWaiting) {
    if (capacity < 1 || maxWaiting < 0) {
      throw new IllegalArgumentException("capacity " + capacity + ", maxWaiting " + maxWaiting);
    }
    this.capacity = capacity;
    this.maxWaiting = maxWaiting;
  }

  /**
   * Gets in line.
   *
   * @param tenant for whom
   * @throws Rejected with {@link Problem.Overloaded} if too many wait already
   */
  public Ticket enter(String tenant, ServiceTier tier) {
    return enter(tenant, Rank.of(tier), true);
  }

  /** Gets in line for whatever background response comes next; never refused. */
  Ticket enterForBackground() {
    return enter("", Rank.MIDDLE, false);
  }

  /** Takes places that are free now, for background responses; at most half of them. */
  synchronized List<Ticket> takeFree(int most) {
    List<Ticket> taken = new ArrayList<>();
    int free = (capacity - total) / 2;
    while (taken.size() < Math.min(most, free)) {
      Waiter waiter = new Waiter("", Rank.MIDDLE);
      grant(waiter);
      taken.add(waiter);
    }
    return taken;
  }

  private synchronized Ticket enter(String tenant, Rank rank, boolean bounded) {
    Waiter waiter = new Waiter(tenant, rank);
    if (total < capacity) {
      grant(waiter);
    } else if (bounded && waitingCount >= maxWaiting) {
      throw new Rejected(
          new Problem.Overloaded(
              "The server is busy: " + waitingCount + " responses are waiting already.",
              Duration.ofSeconds(1)));
    } else {
      line(rank).computeIfAbsent(tenant, _ -> new ArrayDeque<>()).add(waiter);
      waitingCount++;
    }
    return waiter;
  }

  /** How many run. */
  public synchronized int running() {
    return total;
  }

  private void grant(Waiter waiter) {
    total++;
    granted++;
    running.merge(waiter.tenant, 1, Integer::sum);
    waiter.state = State.RUNNING;
    waiter.granted.countDown();
  }

  private synchronized void leave(Waiter waiter) {
    State was = waiter.state;
    waiter.state = State.GONE;
    switch (was) {
      case WAITING -> removeWaiting(waiter);
      case RUNNING -> {
        total--;
        running.computeIfPresent(waiter.tenant, (_, n) -> n == 1 ? null : n - 1);
        Waiter next = next();
        if (next != null) {
          removeWaiting(next);
          grant(next);
        }
      }
      case GONE -> {}
    }
  }

  private void removeWaiting(Waiter waiter) {
    Map<String, ArrayDeque<Waiter>> tenants = line(waiter.rank);
    ArrayDeque<Waiter> line = tenants.get(waiter.tenant);
    if (line != null && line.remove(waiter)) {
      waitingCount--;
      if (line.isEmpty()) {
        tenants.remove(waiter.tenant);
      }
    }
  }

  private Map<String, ArrayDeque<Waiter>> line(Rank rank) {
    return waiting.computeIfAbsent(rank, _ -> new LinkedHashMap<>());
  }

  private @Nullable Waiter next() {
    if (granted % FLEX_SHARE == FLEX_SHARE - 1) {
      Waiter flex = leastRunning(Rank.LAST);
      if (flex != null) {
        return flex;
      }
    }
    for (Rank rank : Rank.values()) {
      Waiter waiter = leastRunning(rank);
      if (waiter != null) {
        return waiter;
      }
    }
    return null;
  }

  private @Nullable Waiter leastRunning(Rank rank) {
    Waiter best = null;
    int fewest = Integer.MAX_VALUE;
    for (Map.Entry<String, ArrayDeque<Waiter>> line : line(rank).entrySet()) {
      int count = running.getOrDefault(line.getKey(), 0);
      if (count < fewest) {
        fewest = count;
        best = line.getValue().peekFirst();
      }
    }
    return best;
  }

  /** A place in line, and then one among those that run. */
  public interface Ticket extends AutoCloseable {

    /** Waits for the turn. */
    void await() throws InterruptedException;

    /** Gives the place back, whether it was waiting or running; the next in line goes on. */
    @Override
    void close();
  }

  private enum Rank {
    FIRST,
    MIDDLE,
    LAST;

    static Rank of(ServiceTier tier) {
      return switch (tier) {
        case PRIORITY -> FIRST;
        case AUTO, DEFAULT -> MIDDLE;
        case FLEX -> LAST;
      };
    }
  }

  private enum State {
    WAITING,
    RUNNING,
    GONE
  }

  private final class Waiter implements Ticket {
    private final String tenant;
    private final Rank rank;
    private final CountDownLatch granted = new CountDownLatch(1);
    private State state = State.WAITING;

    private Waiter(String tenant, Rank rank) {
      this.tenant = tenant;
      this.rank = rank;
    }

    @Override
    public void await() throws InterruptedException {
      granted.await();
    }

    @Override
    public void close() {
      leave(this);
    }
  }
}
