package antiphon.core.run;

import antiphon.core.log.LiveLog;
import antiphon.core.response.Move;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.Claimed;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Signals;
import antiphon.core.store.StoreException;
import antiphon.protocol.response.ServiceTier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs responses on this node: foreground ones as they are created, background ones as it claims
 * them. One virtual thread a run.
 */
public final class Runner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

  private final RunnerSettings settings;
  private final ResponseStore store;
  private final Signals signals;
  private final LiveResponses live;
  private final Claims claims;
  private final Admission admission;
  private final RunLoop loop = new RunLoop();
  private final ExecutorService runs =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("run-", 0).factory());
  private final Semaphore work = new Semaphore(1);
  private final Signals.Subscription subscription;
  private final Thread dispatcher;
  private volatile boolean closed;

  /** Begins to claim at once. */
  public Runner(
      RunnerSettings settings,
      ResponseStore store,
      Signals signals,
      LiveResponses live,
      Claims claims) {
    this.settings = settings;
    this.store = store;
    this.signals = signals;
    this.live = live;
    this.claims = claims;
    this.admission = new Admission(settings.maxRunning(), settings.maxWaiting());
    this.subscription = signals.subscribe(this::signalled);
    this.dispatcher = Thread.ofVirtual().name("dispatcher").start(this::dispatch);
  }

  /**
   * Gets a foreground response in line.
   *
   * @throws antiphon.core.response.Rejected if too many wait
   */
  public Admission.Ticket enter(String tenant, ServiceTier tier) {
    return admission.enter(tenant, tier);
  }

  /** Starts a foreground run; it waits for its place by itself. */
  public void start(Run run, Admission.Ticket place) {
    runs.execute(() -> runOut(run, place));
  }

  /** How many responses run on this node. */
  public int running() {
    return admission.running();
  }

  private void runOut(Run run, Admission.Ticket place) {
    try {
      loop.run(run, place);
    } finally {
      live.forget(run.log());
    }
  }

  private void signalled(Signals.Signal signal) {
    switch (signal) {
      case Signals.Signal.Queue _ -> wake();
      case Signals.Signal.Cancel(String id) ->
          live.all().stream()
              .filter(log -> log.id().value().equals(id))
              .forEach(log -> runs.execute(() -> cancel(log)));
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
    while (!closed) {
      try {
        if (!claimOne()) {
          work.tryAcquire(settings.heartbeat().toMillis(), TimeUnit.MILLISECONDS);
        }
      } catch (InterruptedException _) {
        return;
      } catch (StoreException e) {
        LOG.warn("claiming failed, will try again: {}", e.getMessage());
        pause();
      } catch (RuntimeException e) {
        LOG.error("claiming failed, will try again", e);
        pause();
      }
    }
  }

  private void pause() {
    try {
      work.tryAcquire(1, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      closed = true;
    }
  }

  /** Claims one response, waiting for a place to run it first. */
  private boolean claimOne() throws InterruptedException {
    Admission.Ticket place = admission.enterForBackground();
    boolean used = false;
    try {
      place.await();
      List<Claimed> claimed = store.claim(settings.node(), 1, settings.lease());
      for (Claimed one : claimed) {
        runs.execute(() -> runClaimed(one, place));
        used = true;
      }
    } finally {
      if (!used) {
        place.close();
      }
    }
    return used;
  }

  private void runClaimed(Claimed claimed, Admission.Ticket place) {
    LiveLog log = claims.open(claimed);
    live.add(log);
    signals.publish(new Signals.Signal.Changed(log.id().value()));
    try {
      if (claimed.deaths() >= settings.maxDeaths()) {
        throw new Rejected(diedTooOften(claimed.deaths()));
      }
      runOut(claims.prepare(claimed, log), place);
    } catch (Rejected e) {
      loop.fail(log, e.problem());
    } catch (RuntimeException e) {
      LOG.error("{} could not be started", log.id(), e);
      loop.fail(log, new Problem.Internal("The server could not start this response."));
    } finally {
      live.forget(log);
      place.close();
    }
  }

  private static Problem diedTooOften(int deaths) {
    return new Problem.Internal(
        "The server stopped "
            + deaths
            + " times while running this response; it is not tried again.");
  }

  private static void cancel(LiveLog log) {
    try {
      log.end(new Move.Cancel());
    } catch (StoreException e) {
      LOG.warn("{} could not be cancelled: {}", log.id(), e.getMessage());
    }
  }

  /**
   * Stops claiming, lets what runs finish for a while, then lets go of the rest: background
   * responses go on elsewhere or after a restart, foreground ones end as failed.
   *
   * @param grace how long to wait for what runs
   */
  public void close(Duration grace) throws InterruptedException {
    closed = true;
    subscription.close();
    dispatcher.interrupt();
    dispatcher.join();
    runs.shutdown();
    if (!runs.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
      live.all().forEach(this::letGo);
      runs.shutdownNow();
      runs.awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  private void letGo(LiveLog log) {
    if (log.durable()) {
      log.lose();
      return;
    }
    try {
      log.end(new Move.Fail(new Problem.Internal("The server was shut down.")));
    } catch (StoreException e) {
      LOG.warn("{} could not be ended: {}", log.id(), e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      close(Duration.ZERO);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
