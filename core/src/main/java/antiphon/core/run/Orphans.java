package antiphon.core.run;

import antiphon.core.response.Problem;
import antiphon.core.response.ResponseId;
import antiphon.core.response.Transition;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.Signals;
import antiphon.core.store.StoreException;
import antiphon.core.store.StoredResponse;
import java.util.HashSet;
import java.util.Set;

/**
 * Sees to responses that nobody runs: foreground ones whose node has died are ended, for their
 * reader died with it; what this node has dropped itself is handed on, or ended.
 */
public final class Orphans {

  private static final int BATCH = 64;

  private static final Transition FAILED =
      new Transition.Fail(
          new Problem.Internal("The server stopped while it was running this response."));

  private final String node;
  private final ResponseStore store;
  private final Signals signals;
  private final LiveResponses live;
  private final StoreEnds ends;

  /** What the store said this node runs, and did not, when it was asked the last time. */
  private Set<RunKey> missing = Set.of();

  public Orphans(
      RunnerSettings settings,
      ResponseStore store,
      Signals signals,
      LiveResponses live,
      StoreEnds ends) {
    this.node = settings.node();
    this.store = store;
    this.signals = signals;
    this.live = live;
    this.ends = ends;
  }

  /** Ends those there are now. */
  void end() {
    for (ResponseId id : store.orphans(BATCH)) {
      // Asked again: its node may have renewed the lease since.
      ends.end(id, FAILED, log -> !log.response().background() && !log.response().leased());
    }
  }

  /** Tells the store what this node has dropped, as soon as it can be told. */
  void settle() {
    live.dropped()
        .forEach((run, blameless) -> {
          try {
            settle(run, blameless);
          } catch (StoreException e) {
            // It is the store, and not what this run had to write.
            live.drop(run, true);
            throw e;
          }
        });
  }

  private void settle(RunKey run, boolean blameless) {
    if (blameless) {
      store.release(run);
    } else {
      store.expire(run);
    }
    if (store.find(run.id()).filter(response -> isForeground(response, run)).isPresent()) {
      ends.end(run.id(), FAILED, log -> isForeground(log.response(), run));
    }
    live.settled(run);
    signals.publish(new Signals.Signal.Queue());
  }

  private static boolean isForeground(StoredResponse response, RunKey run) {
    return !response.background()
        && !response.status().isTerminal()
        && response.epoch() == run.epoch();
  }

  /**
   * Drops what the store says this node runs though it does not, whatever has come of it. For
   * stores on which no lease runs out while this process lives.
   */
  void compare() {
    Set<RunKey> now = new HashSet<>(store.held(node));
    now.removeIf(run -> live.find(run) != null);
    // Twice: one that has just been claimed, or ended, is there for a moment.
    now.stream().filter(missing::contains).forEach(run -> live.drop(run, true));
    missing = now;
  }
}
