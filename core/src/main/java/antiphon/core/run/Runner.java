package antiphon.core.run;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.health.Pulse;
import antiphon.core.life.Loop;
import antiphon.core.log.LiveLog;
import antiphon.core.queue.Admission;
import antiphon.core.queue.Rank;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.Transition;
import antiphon.core.step.Run;
import antiphon.core.step.RunListener;
import antiphon.core.step.StepLoop;
import antiphon.core.store.Claim;
import antiphon.core.store.Claimed;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.Signals;
import antiphon.core.store.StoreException;
import antiphon.core.tool.ServerTools;
import antiphon.protocol.response.ServiceTier;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs responses on this node: foreground ones as they are created, background ones as it claims
 * them. One virtual thread a run: one of its own, or that of the caller who waits for the end.
 */
public final class Runner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

  /** When to try another time, at another node perhaps. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final int MOST_AT_ONCE = 32;

  /** How long a run that was let go may take to notice. */
  private static final Duration NOTICE = Duration.ofSeconds(5);

  private final RunnerSettings settings;
  private final ResponseStore store;
  private final Signals signals;
  private final LiveResponses live;
  private final Claims claims;
  private final Admission admission;
  private final StepLoop loop;
  private final ExecutorService runs =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("run-", 0).factory());
  private final InFlight callers = new InFlight();
  private final Recalls recalls;

  /** What runs here, kept or not: whoever waits for it is told when this node stops. */
  private final Set<LiveLog> running = ConcurrentHashMap.newKeySet();

  private final Semaphore work = new Semaphore(1);
  private final Signals.Subscription subscription;
  private final Loop dispatcher = Loop.of("dispatcher", this::dispatch);

  /** The rank of what was claimed last; what comes next probably has it too. */
  private Rank likely = Rank.MIDDLE;

  /** Whether something waits in the store that there was no room for. */
  private volatile boolean workLeft;

  private volatile boolean closed;
  private volatile boolean lettingGo;
  private final Pulse pulse = new Pulse("dispatcher", Duration.ofSeconds(30));

  /**
   * @param enginePlaces how many responses may run on each engine
   * @param seal for reasoning that clients keep
   * @param tools that this server runs
   * @param listener hears of the runs
   */
  public Runner(
      RunnerSettings settings,
      ResponseStore store,
      Signals signals,
      LiveResponses live,
      Claims claims,
      Map<String, Integer> enginePlaces,
      ReasoningSeal seal,
      ServerTools tools,
      RunListener listener) {
    this.loop = new StepLoop(seal, tools, store.clock(), this::park, listener);
    this.settings = settings;
    this.store = store;
    this.signals = signals;
    this.live = live;
    this.claims = claims;
    this.admission =
        new Admission(
            settings.maxRunning(), settings.maxWaiting(), enginePlaces, settings.tenants());
    admission.whenFree(this::placeIsFree);
    this.recalls = new Recalls(settings, store, live);
    this.subscription = signals.subscribe(this::signalled);
  }

  /** Begins to claim. */
  public void start() {
    dispatcher.start();
  }

  /**
   * Gets a foreground response in line.
   *
   * @throws Rejected if too many wait, or the server is shutting down
   */
  public Admission.Ticket enter(String tenant, String engine, ServiceTier tier) {
    if (closed) {
      throw shuttingDown();
    }
    if (live.isCutOff()) {
      throw new Rejected(
          new Problem.Unavailable("The server has lost touch with its database.", SOON));
    }
    return admission.enter(tenant, engine, tier);
  }

  /** Starts a foreground run; it waits for its place by itself. */
  public void start(Run run, Admission.Ticket place) {
    try {
      runs.execute(() -> runOut(run, place));
    } catch (RejectedExecutionException _) {
      throw shuttingDown();
    }
  }

  /**
   * Prepares a foreground run for a caller who has nothing to do but wait for its end.
   *
   * @return runs it on the calling thread, which must be virtual; to be called once
   */
  public Runnable prepare(Run run, Admission.Ticket place) {
    if (!callers.enter()) {
      throw shuttingDown();
    }
    return () -> {
      try {
        runOut(run, place);
      } finally {
        // Who ended the response meant the run, and that is over.
        var _ = Thread.interrupted();
        callers.leave();
      }
    };
  }

  private static Rejected shuttingDown() {
    return new Rejected(new Problem.Unavailable("The server is shutting down.", SOON));
  }

  /** How many responses run on this node. */
  public int running() {
    return admission.running();
  }

  private void runOut(Run run, Admission.Ticket place) {
    running.add(run.log());
    try {
      if (lettingGo) {
        letGo(run.log());
      }
      loop.run(run, place);
    } finally {
      running.remove(run.log());
      // Somebody else may be ending it, who interrupted this run and still waits for the store.
      run.log().awaitSettled();
      live.forget(run.log());
    }
  }

  private void signalled(Signals.Signal signal) {
    switch (signal) {
      case Signals.Signal.Queue _ -> wake();
      case Signals.Signal.Cancel(String id) -> recalls.signalled(id);
      case Signals.Signal.Changed _ -> {}
    }
  }

  private void wake() {
    // One permit is enough however often we are woken: each look takes all there is.
    if (work.availablePermits() == 0) {
      work.release();
    }
  }

  private void dispatch() {
    try {
      while (!closed) {
        AtomicBoolean more = new AtomicBoolean();
        boolean well = pulse.step(() -> more.set(claim()));
        if (!well) {
          pause();
        } else if (!more.get()) {
          work.tryAcquire(settings.lookAgain().toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  /** The loop that claims. */
  public Pulse pulse() {
    return pulse;
  }

  private void pause() {
    try {
      work.tryAcquire(1, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      closed = true;
    }
  }

  /**
   * Claims as many responses as there are places, waiting for the first one, and nothing that could
   * not run at once: what is claimed and waits here, another node could run.
   */
  private boolean claim() throws InterruptedException {
    if (live.isCutOff()) {
      return false;
    }
    Deque<Admission.Ticket> places = new ArrayDeque<>();
    places.add(admission.enterForBackground(likely));
    try {
      pulse.rest();
      places.getFirst().await();
      pulse.work();
      places.addAll(admission.takeFree(MOST_AT_ONCE - 1));
      // What gets free from here on may be what somebody in the store waits for.
      workLeft = true;
      Claim claim = store.claim(settings.node(), admission.room(places.size()), settings.lease());
      workLeft = claim.more();
      for (Claimed one : claim.claimed()) {
        Admission.Ticket place = places.removeLast();
        likely = one.rank();
        // Before the next claim: it must not count on what this one is about to take.
        place.move(one.response().id().owner().tenant(), one.queue(), one.rank());
        runs.execute(() -> runClaimed(one, place));
      }
      return !claim.claimed().isEmpty();
    } finally {
      places.forEach(Admission.Ticket::close);
    }
  }

  private void placeIsFree() {
    if (workLeft) {
      wake();
    }
  }

  private void runClaimed(Claimed claimed, Admission.Ticket place) {
    try (place) {
      LiveLog log = claims.open(claimed);
      live.expect(log);
      try {
        if (claims.stands(claimed, log) && live.confirm(log)) {
          runOpened(claimed, log, place);
        }
      } finally {
        // Does nothing to one that has ended; else its readers would wait for ever.
        log.lose();
        live.forget(log);
      }
    } catch (RuntimeException e) {
      // Deleted since, or whoever claims it next may have more luck.
      LOG.warn("{} was claimed and is not run: {}", claimed.response().id(), e.getMessage());
      live.drop(new RunKey(claimed.response().id(), claimed.response().epoch()), false);
    }
  }

  private void runOpened(Claimed claimed, LiveLog log, Admission.Ticket place) {
    try {
      signals.publish(new Signals.Signal.Changed(log.id().value()));
      if (claimed.attempts() >= settings.maxAttempts()) {
        throw new Rejected(diedTooOften(claimed.attempts()));
      }
      Run run = claims.prepare(claimed, log);
      String engine = run.plan().first().engine().name();
      if (!engine.equals(claimed.queue())) {
        // The model has moved since the response was created.
        place.move(log.id().owner().tenant(), engine, claimed.rank());
      }
      runOut(run, place);
    } catch (Rejected e) {
      loop.fail(log, e.problem());
    } catch (RuntimeException e) {
      LOG.error("{} could not be started", log.id(), e);
      loop.fail(log, new Problem.Internal("The server could not start this response."));
    }
  }

  private static Problem diedTooOften(int attempts) {
    return new Problem.Internal(
        "The server stopped "
            + attempts
            + " times while running this response; it is not tried again.");
  }

  /**
   * Stops claiming, and lets what runs finish for a while; it can still be cancelled.
   *
   * @param grace how long to wait for what runs
   */
  public void drain(Duration grace) throws InterruptedException {
    closed = true;
    dispatcher.close();
    dispatcher.join();
    runs.shutdown();
    callers.close();
    var _ = awaitRuns(grace);
  }

  /**
   * Hands over what still runs, all at once: background responses go on elsewhere or after a
   * restart, foreground ones end as failed, which their callers are told.
   */
  public void letGo() throws InterruptedException {
    lettingGo = true;
    if (!awaitRuns(Duration.ZERO)) {
      Set<LiveLog> left = new HashSet<>(live.all());
      left.addAll(running);
      List<Thread> leaving =
          left.stream().map(log -> Thread.ofVirtual().start(() -> letGo(log))).toList();
      for (Thread one : leaving) {
        one.join(NOTICE);
      }
      runs.shutdownNow();
      var _ = awaitRuns(NOTICE);
    }
    subscription.close();
    recalls.close();
  }

  private boolean awaitRuns(Duration patience) throws InterruptedException {
    long since = System.nanoTime();
    boolean over = runs.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
    return callers.awaitNone(patience.minusNanos(System.nanoTime() - since)) && over;
  }

  /**
   * A run that waits is not run by anybody: readers go to the store, where whoever wakes it does.
   */
  private void park(LiveLog log, long until) {
    letGo(log, run -> store.park(run, until));
  }

  private void letGo(LiveLog log, Consumer<RunKey> how) {
    RunKey run = new RunKey(log.id(), log.epoch());
    live.drop(run, true);
    log.lose();
    // Behind what was appended: whoever claims it reads the log after that.
    how.accept(run);
    live.settled(run);
  }

  private void letGo(LiveLog log) {
    try {
      if (log.durable()) {
        letGo(log, store::release);
        signals.publish(new Signals.Signal.Queue());
      } else {
        log.end(new Transition.Fail(new Problem.Unavailable("The server was shut down.", SOON)));
      }
    } catch (StoreException e) {
      LOG.warn("{} could not be handed over: {}", log.id(), e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      drain(Duration.ZERO);
      letGo();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
