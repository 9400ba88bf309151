package antiphon.core.service;

import antiphon.core.create.IdempotencyKey;
import antiphon.core.response.Owner;
import antiphon.core.run.LiveResponses;
import antiphon.core.store.Keyed;
import antiphon.core.store.NewResponse;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoreException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Writes the rows of new responses, under an Idempotency-Key or without. */
final class NewRows {

  private final ResponseStore store;
  private final LiveResponses live;

  NewRows(ResponseStore store, LiveResponses live) {
    this.store = store;
    this.live = live;
  }

  /** What this key has made, if it has been used already. */
  Optional<Made> before(Owner owner, IdempotencyKey key) {
    return store.findKeyed(owner, key.value()).map(before -> existing(before, key));
  }

  private static Made existing(Keyed before, IdempotencyKey key) {
    key.requireSameRequest(before);
    return new Made.Existing(before.id());
  }

  /**
   * Writes a row under a key and waits; what the key was used for before, if nothing was written.
   */
  Optional<Made> write(NewResponse row, IdempotencyKey key) {
    try {
      return store
          .insertKeyed(row, key.value(), key.requestHash())
          .map(before -> existing(before, key));
    } catch (StoreException e) {
      // It may be there all the same, and then nobody runs it.
      if (!row.background()) {
        live.drop(new RunKey(row.id(), 1), true);
      }
      throw e;
    }
  }

  /** Hands a row in. */
  CompletableFuture<Void> write(NewResponse row) {
    return store.insert(row);
  }

  /** Waits for a row that was handed in. */
  static void join(CompletableFuture<Void> inserted) {
    try {
      inserted.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StoreException known
          ? known
          : new StoreException("the response could not be written", e);
    }
  }
}
