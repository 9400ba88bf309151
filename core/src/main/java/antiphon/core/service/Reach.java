package antiphon.core.service;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.vector.StoreAccess;
import antiphon.core.vector.StoreAccess.Reached;
import antiphon.core.vector.VectorPermissions.Role;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import java.time.InstantSource;

/** Finds the store that a caller names, if it may do with it what it wants. */
record Reach(StoreAccess access, InstantSource clock) {

  /**
   * The store.
   *
   * @param needed what the caller has to be at least
   * @throws Rejected as not found if it may not even read it, as forbidden if it may no more than
   *     that
   */
  VectorStore find(VectorStoreId named, Role needed) {
    Reached reached = access.find(named).orElseThrow(() -> NotFound.vectorStore(named.value()));
    if (!reached.role().includes(needed)) {
      throw new Rejected(
          new Problem.Forbidden(
              "This needs the role '%s' on the vector store '%s', and '%s' was granted."
                  .formatted(needed.wire(), named.value(), reached.role().wire()),
              "vector_store_id",
              "insufficient_role"));
    }
    return reached.store();
  }

  /** The same; one that has expired is rejected as gone. */
  VectorStore live(VectorStoreId named, Role needed) {
    VectorStore store = find(named, needed);
    if (store.expired(clock.millis())) {
      throw new Rejected(
          new Problem.Gone(
              "The vector store '" + named.value() + "' has expired.", "vector_store_id"));
    }
    return store;
  }
}
