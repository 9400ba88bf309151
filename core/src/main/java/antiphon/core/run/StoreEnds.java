package antiphon.core.run;

import antiphon.core.log.StoredLog;
import antiphon.core.response.ResponseId;
import antiphon.core.response.Transition;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.OpenLog;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Signals;
import java.util.function.Predicate;

/**
 * Ends responses in the store, past whatever runs them. A run that this node has of one all the
 * same, claimed in this very moment perhaps, is stopped before anybody is told of the end.
 */
public final class StoreEnds {

  private final ResponseStore store;
  private final Signals signals;
  private final LiveResponses live;

  public StoreEnds(ResponseStore store, Signals signals, LiveResponses live) {
    this.store = store;
    this.signals = signals;
    this.live = live;
  }

  /** Ends it, whoever runs it. */
  public EndOutcome end(ResponseId id, Transition transition) {
    return end(id, transition, _ -> true);
  }

  /**
   * Ends it, if it is as it is thought to be.
   *
   * @param still asked inside the transaction that ends it
   * @return {@link EndOutcome.Fenced} if it is not
   */
  EndOutcome end(ResponseId id, Transition transition, Predicate<OpenLog> still) {
    EndOutcome outcome =
        live.aside(
            id,
            () -> {
              EndOutcome done =
                  store.endFromLog(
                      id,
                      log ->
                          still.test(log)
                              ? StoredLog.ending(log, transition, store.clock().millis())
                              : null);
              switch (done) {
                case EndOutcome.Won _, EndOutcome.AlreadyTerminal _, EndOutcome.Gone _ ->
                    live.ended(id);
                case EndOutcome.Fenced _, EndOutcome.MetadataChanged _, EndOutcome.Unopposed _ -> {}
              }
              return done;
            });
    signals.publish(new Signals.Signal.Changed(id.value()));
    if (outcome instanceof EndOutcome.Won) {
      // Its run may be elsewhere, say nothing for long, and would not learn by being refused.
      signals.publish(new Signals.Signal.Cancel(id.value()));
    }
    return outcome;
  }
}
