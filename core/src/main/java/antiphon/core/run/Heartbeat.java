package antiphon.core.run;

import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoreException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the leases of this node's runs, and learns which it has lost. Safety does not rest on it: a
 * run whose lease has gone is refused by the store at its next append.
 */
public final class Heartbeat implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private final RunnerSettings settings;
  private final ResponseStore store;
  private final LiveResponses live;
  private final Orphans orphans;
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(2, Thread.ofPlatform().name("heartbeat").daemon().factory());

  /** Begins to beat at once. */
  public Heartbeat(
      RunnerSettings settings, ResponseStore store, LiveResponses live, Orphans orphans) {
    this.settings = settings;
    this.store = store;
    this.live = live;
    this.orphans = orphans;
    long every = settings.heartbeat().toMillis();
    var _ = timer.scheduleWithFixedDelay(this::beat, 0, every, TimeUnit.MILLISECONDS);
    long look = settings.lookAgain().toMillis();
    var _ = timer.scheduleWithFixedDelay(this::sweep, look, look, TimeUnit.MILLISECONDS);
  }

  /** Beside the beats, so that much to be ended keeps no lease waiting. */
  private void sweep() {
    guarded(orphans::end);
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (StoreException e) {
      LOG.warn("the heartbeat did not reach the store: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the heartbeat failed", e);
    }
  }

  private void beat() {
    guarded(() -> {
      List<RunKey> running =
          live.all().stream().map(log -> new RunKey(log.id(), log.epoch())).toList();
      Recalls.recall(store.heartbeat(settings.node(), running, settings.lease()), live);
    });
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
