package antiphon.core.run;

import antiphon.core.health.Pulse;
import antiphon.core.life.Lifecycle;
import antiphon.core.life.Timer;
import antiphon.core.store.Recalled;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the leases of this node's runs, and learns which it has lost. Where the store cannot be
 * reached it stops them before their leases are out, by this machine's steady clock: nobody's
 * takeover, and no cancel that another node has answered, is to find an engine at work here. What
 * is written does not rest on it: a run whose lease has gone is refused by the store.
 */
public final class Heartbeat implements Lifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  /** So often within a lease is looked whether it can still be kept. */
  private static final int WATCHES = 30;

  private final RunnerSettings settings;
  private final ResponseStore store;
  private final LiveResponses live;
  private final Orphans orphans;
  private final Duration patience;
  private final Pulse beats;
  private final Pulse sweeps = new Pulse("sweep of orphans", Duration.ofSeconds(30));
  private final Pulse watches = new Pulse("watch over leases", Duration.ofSeconds(5));

  /** When the last renewal that got through began, by {@link System#nanoTime}. */
  private volatile long renewed = System.nanoTime();

  private final Timer timer = new Timer("heartbeat", 3, this::begin);

  public Heartbeat(
      RunnerSettings settings, ResponseStore store, LiveResponses live, Orphans orphans) {
    this.settings = settings;
    this.store = store;
    this.live = live;
    this.orphans = orphans;
    this.beats = new Pulse("heartbeat", settings.heartbeat().multipliedBy(2));
    this.patience = settings.lease().multipliedBy(4).dividedBy(5);
  }

  private void begin() {
    renewed = System.nanoTime();
    long look = settings.lookAgain().toMillis();
    again(0);
    timer.every(look, look, this::sweep);
    if (store.shared()) {
      long watch = Math.max(1, settings.lease().toMillis() / WATCHES);
      timer.every(watch, watch, this::watch);
    }
  }

  @Override
  public void start() {
    timer.start();
  }

  /** Beside the beats, so that much to be ended keeps no lease waiting. */
  private void sweep() {
    var _ = sweeps.step(orphans::settle);
    var _ = sweeps.step(orphans::end);
  }

  /** Whether the leases may be out before they can be renewed; then all runs are stopped. */
  private void watch() {
    var _ =
        watches.step(() -> {
          if (!live.isCutOff() && System.nanoTime() - renewed > patience.toNanos()) {
            LOG.error(
                "no lease could be renewed for {} ms: what runs here is stopped",
                patience.toMillis());
            live.cutOff(true);
          }
        });
  }

  /** The loops of it. */
  public List<Pulse> loops() {
    return List.of(beats, sweeps, watches);
  }

  private void again(long millis) {
    timer.after(millis, this::beat);
  }

  private void beat() {
    boolean reached =
        beats.step(() -> {
          long start = System.nanoTime();
          List<RunKey> running =
              live.all().stream().map(log -> new RunKey(log.id(), log.epoch())).toList();
          List<Recalled> recalled = store.heartbeat(settings.node(), running, settings.lease());
          if (running.isEmpty()) {
            // It was not asked, and has to be for this to be known.
            var _ = store.queued();
          }
          renewed = start;
          if (live.isCutOff()) {
            // Before anything is claimed again: what was dropped here must not look like a death.
            orphans.settle();
            live.cutOff(false);
          }
          Recalls.recall(recalled, live);
          if (!store.shared()) {
            orphans.compare();
          }
        });
    again((reached ? settings.heartbeat() : settings.lookAgain()).toMillis());
  }

  @Override
  public void close() {
    timer.close();
  }

  @Override
  public boolean stopped() {
    return timer.stopped();
  }
}
