package antiphon.core.service;

import antiphon.core.log.LiveLog;
import antiphon.core.log.Outcome;
import antiphon.core.log.Wakeups;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.response.Transition;
import antiphon.core.run.LiveResponses;
import antiphon.core.run.StoreEnds;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Signals;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.response.ResponseStatus;
import java.time.Duration;

/**
 * Cancels. Where the response runs here its log is sealed and ended; where it waits, or runs
 * elsewhere in the background, the store's row is ended and the run learns of it. A foreground
 * response that runs elsewhere has its text in that node's memory: that node is asked to cancel it.
 */
public final class Canceller {

  private final ResponseStore store;
  private final Signals signals;
  private final LiveResponses live;
  private final StoreEnds ends;
  private final Wakeups wakeups;

  public Canceller(
      ResponseStore store, Signals signals, LiveResponses live, StoreEnds ends, Wakeups wakeups) {
    this.store = store;
    this.signals = signals;
    this.live = live;
    this.ends = ends;
    this.wakeups = wakeups;
  }

  /** Cancels and answers as the table of cases says. */
  byte[] cancel(ResponseId id) throws InterruptedException {
    Ended ended = end(id);
    if (ended.status() != ResponseStatus.CANCELLED && !ended.background()) {
      throw new Rejected(
          new Problem.Invalid(
              "Cannot cancel a synchronous response: '" + id + "' has ended already.",
              "response_id",
              "response_not_cancellable"));
    }
    return ended.snapshot();
  }

  /** Makes sure that the response has ended, by cancelling it if need be. */
  void endIfRunning(ResponseId id) throws InterruptedException {
    var _ = end(id);
  }

  private Ended end(ResponseId id) throws InterruptedException {
    while (true) {
      LiveLog log = live.find(id);
      if (log != null) {
        Outcome outcome = log.end(new Transition.Cancel());
        live.forget(log);
        if (outcome instanceof Outcome.Ended ended) {
          return new Ended(ended.status(), log.durable(), ended.snapshot());
        }
      }
      StoredResponse stored = find(id);
      if (stored.status().isTerminal()) {
        return Ended.of(stored);
      }
      if (stored.background() || !stored.leased()) {
        switch (ends.end(id, new Transition.Cancel())) {
          case EndOutcome.Won(ResponseStatus status, byte[] snapshot) -> {
            return new Ended(status, stored.background(), snapshot);
          }
          case EndOutcome.AlreadyTerminal(StoredResponse response) -> {
            return Ended.of(response);
          }
          case EndOutcome.Gone _ -> throw NotFound.response(id.value());
          case EndOutcome.Fenced _, EndOutcome.MetadataChanged _, EndOutcome.Unopposed _ -> {}
        }
      } else {
        askItsNode(id);
      }
    }
  }

  private StoredResponse find(ResponseId id) {
    return store.find(id).orElseThrow(() -> NotFound.response(id.value()));
  }

  private void askItsNode(ResponseId id) throws InterruptedException {
    try (Wakeups.Wait wait = wakeups.register(id.value())) {
      store.requestCancel(id);
      signals.publish(new Signals.Signal.Cancel(id.value()));
      if (store.find(id).filter(r -> !r.status().isTerminal()).isPresent()) {
        wait.await(Duration.ofSeconds(1));
      }
    }
  }

  /** A response that is over. */
  private record Ended(ResponseStatus status, boolean background, byte[] snapshot) {
    static Ended of(StoredResponse stored) {
      byte[] snapshot = stored.snapshot();
      if (snapshot == null) {
        throw new IllegalStateException(stored.id() + " has ended without a snapshot");
      }
      return new Ended(stored.status(), stored.background(), snapshot);
    }
  }
}
