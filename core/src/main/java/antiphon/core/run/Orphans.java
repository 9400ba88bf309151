package antiphon.core.run;

import antiphon.core.response.Move;
import antiphon.core.response.Problem;
import antiphon.core.response.ResponseId;
import antiphon.core.store.ResponseStore;

/**
 * Ends foreground responses whose node has died. Their reader died with it, so they are not run
 * again.
 */
public final class Orphans {

  private static final int BATCH = 64;

  private final ResponseStore store;
  private final StoreEnds ends;

  public Orphans(ResponseStore store, StoreEnds ends) {
    this.store = store;
    this.ends = ends;
  }

  /** Ends those there are now. */
  void end() {
    Move failed =
        new Move.Fail(
            new Problem.Internal("The server stopped while it was running this response."));
    for (ResponseId id : store.orphans(BATCH)) {
      // Asked again: its node may have renewed the lease since.
      ends.end(id, failed, log -> !log.response().leased());
    }
  }
}
