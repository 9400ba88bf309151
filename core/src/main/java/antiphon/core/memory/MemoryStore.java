package antiphon.core.memory;

import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.VectorStore;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps what is remembered. An owner's memory is a vector store that the owner's other calls do not
 * see ({@link antiphon.core.vector.VectorStoreId#memory}); in place of files it has responses. What
 * is kept of a response goes with it.
 */
public interface MemoryStore {

  /** So many exchanges are remembered of an owner; the oldest make room. */
  int MOST_EXCHANGES = 10_000;

  /** Notes, durably, that a response is to be remembered once it has completed. */
  void note(ResponseId id);

  /** Whether there are noted responses that have ended. */
  boolean waiting();

  /**
   * Takes noted responses that have ended: those that have completed wait to be indexed from now
   * on, the others are forgotten. One transaction.
   *
   * @param space for owners that have no memory yet
   * @param batch how many at most
   * @return how many were taken
   */
  int settle(Space space, int batch);

  /** An owner's memory; empty if nothing was ever remembered. */
  Optional<VectorStore> find(Owner owner);

  /**
   * Lets an owner's memory be indexed anew, by another model.
   *
   * @return how many exchanges wait for it
   */
  int remodel(Owner owner, Space space);

  /** What a response was about; empty if it is gone. */
  Optional<Exchange> exchange(ResponseId id);

  /** Those of an owner's responses that are still there. */
  Set<String> living(Owner owner, Collection<String> ids);

  /**
   * Forgets all that was remembered of an owner.
   *
   * @return how many exchanges
   */
  int forget(Owner owner);

  /**
   * How memories are indexed.
   *
   * @param model the embedding model
   * @param dimensions of its vectors
   */
  record Space(String model, int dimensions, Chunking chunking) {}
}
