package antiphon.core.run;

import antiphon.core.log.LiveLog;
import antiphon.core.response.Transition;
import antiphon.core.store.Recalled;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoreException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a signal that a response was cancelled leads to: its node asks the store at once, and not at
 * its next heartbeat, whether the run still stands. A signal alone ends nothing: whoever can reach
 * the channel could send one.
 */
final class Recalls implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Recalls.class);

  private final RunnerSettings settings;
  private final ResponseStore store;
  private final LiveResponses live;
  private final ExecutorService asks =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("recall-", 0).factory());

  /** The runs that are being asked for; true if a signal has come since. */
  private final ConcurrentHashMap<RunKey, Boolean> asking = new ConcurrentHashMap<>();

  Recalls(RunnerSettings settings, ResponseStore store, LiveResponses live) {
    this.settings = settings;
    this.store = store;
    this.live = live;
  }

  /** A signal has come; does not block. */
  void signalled(String id) {
    for (LiveLog log : live.all()) {
      RunKey run = new RunKey(log.id(), log.epoch());
      // However many come, one question is under way and one more follows.
      if (log.id().value().equals(id) && asking.merge(run, false, (_, _) -> true).equals(false)) {
        begin(run);
      }
    }
  }

  private void begin(RunKey run) {
    try {
      asks.execute(() -> ask(run));
    } catch (RejectedExecutionException _) {
      asking.remove(run);
    }
  }

  private void ask(RunKey run) {
    do {
      asking.put(run, false);
      try {
        recall(store.heartbeat(settings.node(), List.of(run), settings.lease()), live);
      } catch (StoreException e) {
        LOG.debug("{} may be cancelled; the next heartbeat tells: {}", run.id(), e.getMessage());
      } catch (RuntimeException | Error e) {
        LOG.error("{} may be cancelled; the next heartbeat tells", run.id(), e);
      }
    } while (!asking.remove(run, false));
  }

  /** Ends here what the store says is over, or is to be. */
  static void recall(Collection<Recalled> recalled, LiveResponses live) {
    for (Recalled one : recalled) {
      LiveLog log = live.find(one.run());
      if (log != null) {
        switch (one) {
          case Recalled.Lost _ -> log.lose();
          case Recalled.CancelRequested _ -> log.end(new Transition.Cancel());
        }
      }
    }
  }

  @Override
  public void close() {
    asks.shutdownNow();
  }
}
