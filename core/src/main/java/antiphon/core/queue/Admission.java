package antiphon.core.queue;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.protocol.response.ServiceTier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Who may run now on this node. A run needs three places: one of the node's, one of its tenant's
 * and one of its engine's. What cannot run waits. Tiers have {@linkplain Shares shares}, so that
 * each of them moves; inside a tier the tenant with the least running goes first, then the oldest.
 *
 * <p>The three places are given together or not at all, and a run that changes its engine gives all
 * of them back before it gets in line for the other. So nobody holds one place while waiting for
 * another: a busy engine does not use up the node's places, and no two runs can wait for what the
 * other holds.
 */
public final class Admission {

  private static final String NOBODY = Places.NOBODY;

  /** All tenants together may have so many times as many waiting as one of them. */
  public static final int MOST_TENANTS_WAITING = 8;

  /** So many runs may be in their tools at once beside those that have places. */
  private static final int MOST_PAUSED = 4096;

  private final int maxWaiting;
  private final Places places;

  private final Map<Rank, Line<Waiter>> waiting = new EnumMap<>(Rank.class);
  private final Shares shares = new Shares();
  private final Map<String, Integer> waitingByTenant = new HashMap<>();
  private int waitingCount;
  private int parked;
  private int paused;
  private long ages;

  /** The ranks in which background work got the last place: it takes turns with the others. */
  private final Set<Rank> backgroundWasLast = EnumSet.noneOf(Rank.class);

  private Runnable whenFree = () -> {};

  /**
   * @param capacity how many may run at once
   * @param maxWaiting how many may wait for one tenant; one more is refused with 429
   */
  public Admission(int capacity, int maxWaiting) {
    this(capacity, maxWaiting, Map.of(), TenantLimits.NONE);
  }

  /**
   * @param capacity how many may run at once
   * @param maxWaiting how many may wait for one tenant; one more is refused with 429
   * @param enginePlaces how many may run on each engine; one that is not named has no limit
   * @param tenants how many may run for each tenant
   */
  public Admission(
      int capacity, int maxWaiting, Map<String, Integer> enginePlaces, TenantLimits tenants) {
    if (capacity < 1 || maxWaiting < 0) {
      throw new IllegalArgumentException("capacity " + capacity + ", maxWaiting " + maxWaiting);
    }
    this.maxWaiting = maxWaiting;
    this.places = new Places(capacity, enginePlaces, tenants);
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
    if (waiter.state == State.WAITING && isTooMany(tenant)) {
      leave(waiter);
      int own = waitingByTenant.getOrDefault(tenant, 0);
      throw new Rejected(
          new Problem.Overloaded(
              "The server is busy: "
                  + (own >= maxWaiting ? own + " responses of yours" : waitingCount + " responses")
                  + " are waiting already.",
              Duration.ofSeconds(1)));
    }
    return waiter;
  }

  private boolean isTooMany(String tenant) {
    return waitingByTenant.getOrDefault(tenant, 0) > maxWaiting
        || waitingCount > (long) maxWaiting * MOST_TENANTS_WAITING;
  }

  /** What to do whenever a run has given its places back; short, and must not wait for anything. */
  public synchronized void whenFree(Runnable action) {
    whenFree = action;
  }

  /**
   * Gets in line for whatever background response comes next; never refused. In its rank it takes
   * turns with all others.
   *
   * @param rank the rank that it probably has
   */
  public synchronized Ticket enterForBackground(Rank rank) {
    Waiter waiter = new Waiter(new Wish(NOBODY, NOBODY, rank), ages++);
    add(waiter);
    grantAll();
    return waiter;
  }

  /** Takes places that are free now, for background responses; at most half of them. */
  public synchronized List<Ticket> takeFree(int most) {
    List<Ticket> taken = new ArrayList<>();
    int free = backgroundHasRoom() ? places.free() / 2 : 0;
    while (taken.size() < Math.min(most, free)) {
      Waiter waiter = new Waiter(new Wish(NOBODY, NOBODY, Rank.MIDDLE), ages++);
      grant(waiter);
      taken.add(waiter);
    }
    return taken;
  }

  /**
   * What may be claimed with so many places: only what could run at once.
   *
   * @param claimable how many places were taken for background work
   */
  public synchronized Room room(int claimable) {
    return places.room(claimable);
  }

  /** How many run. */
  public synchronized int running() {
    return places.taken();
  }

  private void add(Waiter waiter) {
    line(waiter).add(waiter);
    waitingCount++;
    waitingByTenant.merge(waiter.tenant(), 1, Integer::sum);
  }

  private void remove(Waiter waiter) {
    line(waiter).remove(waiter);
    waitingCount--;
    waitingByTenant.computeIfPresent(waiter.tenant(), (_, n) -> n == 1 ? null : n - 1);
    if (waiter.parked) {
      waiter.parked = false;
      parked--;
    }
  }

  private Line<Waiter> line(Waiter waiter) {
    return waiting.getOrDefault(waiter.wish.rank, new Line<>());
  }

  private void grantAll() {
    while (places.free() > 0) {
      Waiter next = next();
      if (next == null) {
        return;
      }
      remove(next);
      grant(next);
      shares.served(next.wish.rank);
      boolean background = next.tenant().equals(NOBODY);
      var _ =
          background
              ? backgroundWasLast.add(next.wish.rank)
              : backgroundWasLast.remove(next.wish.rank);
    }
  }

  private void grant(Waiter waiter) {
    places.take(waiter.tenant(), waiter.engine());
    waiter.state = State.RUNNING;
    waiter.granted.countDown();
  }

  private void giveBack(Waiter waiter) {
    places.giveBack(waiter.tenant(), waiter.engine());
    if (!waiter.tenant().equals(NOBODY)) {
      whenFree.run();
    }
  }

  /** Too many of them would be a load that nobody has let in: those keep their places. */
  private synchronized void pause(Waiter waiter) {
    if (waiter.state == State.RUNNING && paused < MOST_PAUSED) {
      paused++;
      waiter.state = State.PAUSED;
      giveBack(waiter);
      grantAll();
    }
  }

  private synchronized void leave(Waiter waiter) {
    State was = waiter.state;
    waiter.state = State.GONE;
    switch (was) {
      case WAITING -> remove(waiter);
      case RUNNING -> giveBack(waiter);
      case PAUSED -> paused--;
      case GONE -> {}
    }
    grantAll();
  }

  /** Never refused: what has been let in once is not sent away half-way. */
  private synchronized void move(Waiter waiter, Wish wish) {
    boolean claimed = waiter.wish.tenant.equals(NOBODY);
    if (claimed && waiter.state == State.RUNNING && hasRoom(wish)) {
      // It has the node's place already: what was claimed for free places need not wait.
      places.giveBack(waiter.tenant(), waiter.engine());
      waiter.wish = wish;
      places.take(waiter.tenant(), waiter.engine());
      return;
    }
    switch (waiter.state) {
      case WAITING -> remove(waiter);
      case RUNNING -> giveBack(waiter);
      case PAUSED -> paused--;
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
    Map<Rank, Waiter> heads = new EnumMap<>(Rank.class);
    for (Rank rank : Rank.values()) {
      Waiter head = next(rank);
      if (head != null) {
        heads.put(rank, head);
      }
    }
    return shares.next(heads::containsKey).map(heads::get).orElse(null);
  }

  private @Nullable Waiter next(Rank rank) {
    Line<Waiter> line = waiting.get(rank);
    return line == null
        ? null
        : line.next(
            this::engineHasRoom,
            places::tenantHasRoom,
            tenant -> tenant.equals(NOBODY) ? turn(rank) : places.of(tenant));
  }

  /** Before all others of its rank or behind them, in turns. */
  private int turn(Rank rank) {
    return backgroundWasLast.contains(rank) ? Integer.MAX_VALUE - 1 : -1;
  }

  private boolean hasRoom(Wish wish) {
    return engineHasRoom(wish.engine) && places.tenantHasRoom(wish.tenant);
  }

  private boolean engineHasRoom(String engine) {
    return engine.equals(NOBODY) ? backgroundHasRoom() : places.engineHasRoom(engine);
  }

  /**
   * What is claimed could run at once, but for what others have taken meanwhile, and for models
   * that have moved to another engine. When as many as the node could run wait here for their
   * engine, no more are claimed: another node may have room for them.
   */
  private boolean backgroundHasRoom() {
    return parked < places.capacity();
  }

  /** A place in line, and then one among those that run. */
  public interface Ticket extends AutoCloseable {

    /** Whether its turn has come. */
    boolean granted();

    /** Waits for the turn. */
    void await() throws InterruptedException;

    /**
     * Gives the places back and gets in line for another engine, as old as before; {@link #await}
     * waits for it. A place that was taken for background work is kept, if there is room for what
     * it is to be used for.
     */
    void move(String tenant, String engine, Rank rank);

    /**
     * Gives the places back and gets in no line: a tool runs, which needs none of them. {@link
     * #move} gets in line again. Does nothing where too many have done so.
     */
    void pause();

    /** Whether its places were given back. */
    boolean isPaused();

    /** Gives the place back, whether it was waiting or running; the next in line goes on. */
    @Override
    void close();
  }

  private enum State {
    WAITING,
    RUNNING,
    PAUSED,
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
    public void move(String tenant, String engine, Rank rank) {
      Admission.this.move(this, new Wish(tenant, engine, rank));
    }

    @Override
    public void pause() {
      Admission.this.pause(this);
    }

    @Override
    public boolean isPaused() {
      synchronized (Admission.this) {
        return state == State.PAUSED;
      }
    }

    @Override
    public void close() {
      leave(this);
    }
  }
}
