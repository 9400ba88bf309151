package antiphon.core.run;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.run.Line.Rank;
import antiphon.protocol.response.ServiceTier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Who may run now on this node. A run needs three places: one of the node's, one of its tenant's
 * and one of its engine's. What cannot run waits: {@code priority} before {@code auto} and {@code
 * default} before {@code flex}; inside a tier the tenant with the least running goes first, then
 * the oldest. Each eighth place goes to {@code flex} if any waits, so that it never starves.
 *
 * <p>The three places are given together or not at all, and a run that changes its engine gives all
 * of them back before it gets in line for the other. So nobody holds one place while waiting for
 * another: a busy engine does not use up the node's places, and no two runs can wait for what the
 * other holds.
 */
public final class Admission {

  private static final int FLEX_SHARE = 8;

  /** What a place for background work is given for, until it is known who needs it. */
  private static final String NOBODY = "";

  private final int capacity;
  private final int maxWaiting;
  private final Map<String, Integer> enginePlaces;
  private final TenantLimits tenants;

  private final Map<Rank, Line<Waiter>> waiting = new EnumMap<>(Rank.class);
  private final Map<String, Integer> byTenant = new HashMap<>();
  private final Map<String, Integer> byEngine = new HashMap<>();
  private int total;
  private int waitingCount;
  private int parked;
  private long granted;
  private long ages;

  /**
   * @param capacity how many may run at once
   * @param maxWaiting how many may wait; one more is refused with 429
   */
  public Admission(int capacity, int maxWaiting) {
    this(capacity, maxWaiting, Map.of(), TenantLimits.NONE);
  }

  /**
   * @param capacity how many may run at once
   * @param maxWaiting how many may wait; one more is refused with 429
   * @param enginePlaces how many may run on each engine; one that is not named has no limit
   * @param tenants how many may run for each tenant
   */
  public Admission(
      int capacity, int maxWaiting, Map<String, Integer> enginePlaces, TenantLimits tenants) {
    if (capacity < 1 || maxWaiting < 0) {
      throw new IllegalArgumentException("capacity " + capacity + ", maxWaiting " + maxWaiting);
    }
    this.capacity = capacity;
    this.maxWaiting = maxWaiting;
    this.enginePlaces = Map.copyOf(enginePlaces);
    this.tenants = tenants;
    for (Rank rank : Rank.values()) {
      waiting.put(rank, new Line<>());
    }
  }

  /**
   * Gets in line.
   *
   * @param tenant for whom
   * @param engine on which engine
   * @throws Rejected with {@link Problem.Overloaded} if too many wait already
   */
  public synchronized Ticket enter(String tenant, String engine, ServiceTier tier) {
    Waiter waiter = new Waiter(new Wish(tenant, engine, Rank.of(tier)), ages++);
    add(waiter);
    grantAll();
    if (waiter.state == State.WAITING && waitingCount > maxWaiting) {
      leave(waiter);
      throw new Rejected(
          new Problem.Overloaded(
              "The server is busy: " + waitingCount + " responses are waiting already.",
              Duration.ofSeconds(1)));
    }
    return waiter;
  }

  /** Gets in line for whatever background response comes next; never refused. */
  synchronized Ticket enterForBackground() {
    Waiter waiter = new Waiter(new Wish(NOBODY, NOBODY, Rank.MIDDLE), ages++);
    add(waiter);
    grantAll();
    return waiter;
  }

  /** Takes places that are free now, for background responses; at most half of them. */
  synchronized List<Ticket> takeFree(int most) {
    List<Ticket> taken = new ArrayList<>();
    int free = backgroundHasRoom() ? (capacity - total) / 2 : 0;
    while (taken.size() < Math.min(most, free)) {
      Waiter waiter = new Waiter(new Wish(NOBODY, NOBODY, Rank.MIDDLE), ages++);
      grant(waiter);
      taken.add(waiter);
    }
    return taken;
  }

  /** How many run. */
  public synchronized int running() {
    return total;
  }

  private void add(Waiter waiter) {
    line(waiter).add(waiter);
    waitingCount++;
  }

  private void remove(Waiter waiter) {
    line(waiter).remove(waiter);
    waitingCount--;
    if (waiter.parked) {
      waiter.parked = false;
      parked--;
    }
  }

  private Line<Waiter> line(Waiter waiter) {
    return waiting.getOrDefault(waiter.wish.rank, new Line<>());
  }

  private void grantAll() {
    while (total < capacity) {
      Waiter next = next();
      if (next == null) {
        return;
      }
      remove(next);
      grant(next);
    }
  }

  private void grant(Waiter waiter) {
    total++;
    granted++;
    byTenant.merge(waiter.tenant(), 1, Integer::sum);
    byEngine.merge(waiter.engine(), 1, Integer::sum);
    waiter.state = State.RUNNING;
    waiter.granted.countDown();
  }

  private void giveBack(Waiter waiter) {
    total--;
    byTenant.computeIfPresent(waiter.tenant(), (_, n) -> n == 1 ? null : n - 1);
    byEngine.computeIfPresent(waiter.engine(), (_, n) -> n == 1 ? null : n - 1);
  }

  private synchronized void leave(Waiter waiter) {
    State was = waiter.state;
    waiter.state = State.GONE;
    switch (was) {
      case WAITING -> remove(waiter);
      case RUNNING -> giveBack(waiter);
      case GONE -> {}
    }
    grantAll();
  }

  /** Never refused: what has been let in once is not sent away half-way. */
  private synchronized void move(Waiter waiter, Wish wish) {
    boolean claimed = waiter.wish.tenant.equals(NOBODY);
    switch (waiter.state) {
      case WAITING -> remove(waiter);
      case RUNNING -> giveBack(waiter);
      case GONE -> {
        return;
      }
    }
    waiter.wish = wish;
    waiter.state = State.WAITING;
    waiter.granted = new CountDownLatch(1);
    add(waiter);
    if (claimed) {
      waiter.parked = true;
      parked++;
    }
    grantAll();
  }

  private @Nullable Waiter next() {
    if (granted % FLEX_SHARE == FLEX_SHARE - 1) {
      Waiter flex = next(Rank.LAST);
      if (flex != null) {
        return flex;
      }
    }
    for (Rank rank : Rank.values()) {
      Waiter waiter = next(rank);
      if (waiter != null) {
        return waiter;
      }
    }
    return null;
  }

  private @Nullable Waiter next(Rank rank) {
    Line<Waiter> line = waiting.get(rank);
    return line == null
        ? null
        : line.next(
            this::engineHasRoom,
            tenant -> byTenant.getOrDefault(tenant, 0) < tenants.of(tenant),
            tenant -> byTenant.getOrDefault(tenant, 0));
  }

  private boolean engineHasRoom(String engine) {
    return engine.equals(NOBODY)
        ? backgroundHasRoom()
        : byEngine.getOrDefault(engine, 0) < enginePlaces.getOrDefault(engine, Integer.MAX_VALUE);
  }

  /**
   * Which engine a background response needs is known only after it has been claimed. When as many
   * as the node could run wait here for their engine, no more are claimed: another node may have
   * room for them.
   */
  private boolean backgroundHasRoom() {
    return parked < capacity;
  }

  /** A place in line, and then one among those that run. */
  public interface Ticket extends AutoCloseable {

    /** Whether its turn has come. */
    boolean granted();

    /** Waits for the turn. */
    void await() throws InterruptedException;

    /**
     * Gives the places back and gets in line for another engine, as old as before; {@link #await}
     * waits for it.
     */
    void move(String tenant, String engine, ServiceTier tier);

    /** Gives the place back, whether it was waiting or running; the next in line goes on. */
    @Override
    void close();
  }

  private enum State {
    WAITING,
    RUNNING,
    GONE
  }

  /** What somebody wants to run. */
  private record Wish(String tenant, String engine, Rank rank) {}

  private final class Waiter implements Ticket, Line.Entry {
    private final long age;
    private Wish wish;
    private volatile CountDownLatch granted = new CountDownLatch(1);
    private State state = State.WAITING;
    private boolean parked;

    private Waiter(Wish wish, long age) {
      this.wish = wish;
      this.age = age;
    }

    @Override
    public String engine() {
      return wish.engine;
    }

    @Override
    public String tenant() {
      return wish.tenant;
    }

    @Override
    public long age() {
      return age;
    }

    @Override
    public boolean granted() {
      return granted.getCount() == 0;
    }

    @Override
    public void await() throws InterruptedException {
      granted.await();
    }

    @Override
    public void move(String tenant, String engine, ServiceTier tier) {
      Admission.this.move(this, new Wish(tenant, engine, Rank.of(tier)));
    }

    @Override
    public void close() {
      leave(this);
    }
  }
}
