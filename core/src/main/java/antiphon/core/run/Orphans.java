package antiphon.core.run;

import antiphon.core.log.StoredLog;
import antiphon.core.response.Move;
import antiphon.core.response.Problem;
import antiphon.core.response.ResponseId;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Signals;

/**
 * Ends foreground responses whose node has died. Their reader died with it, so they are not run
 * again.
 */
public final class Orphans {

  private static final int BATCH = 64;

  private final ResponseStore store;
  private final Signals signals;

  public Orphans(ResponseStore store, Signals signals) {
    this.store = store;
    this.signals = signals;
  }

  /** Ends those there are now. */
  void end() {
    Move failed =
        new Move.Fail(
            new Problem.Internal("The server stopped while it was running this response."));
    for (ResponseId id : store.orphans(BATCH)) {
      store.endFromLog(id, log -> StoredLog.ending(log, failed, store.clock().millis()));
      signals.publish(new Signals.Signal.Changed(id.value()));
    }
  }
}
