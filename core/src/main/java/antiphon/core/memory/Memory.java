package antiphon.core.memory;

import antiphon.core.api.Memories;
import antiphon.core.engine.EngineException;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.vector.Embedders;
import antiphon.core.vector.Searching;
import antiphon.core.vector.Searching.Found;
import antiphon.core.vector.Searching.Question;
import antiphon.core.vector.VectorStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Remembers exchanges, and finds them again for their owner and nobody else. */
public final class Memory implements Memories {

  /** The longest question, in characters. */
  private static final int MOST_QUERY = 2048;

  private final MemoryStore store;
  private final Searching searching;
  private final Embedders embedders;
  private final MemoryKeeper keeper;

  /**
   * @param embedders the first of them makes the vectors of new memories
   * @param keeper takes in what has ended
   */
  public Memory(MemoryStore store, Searching searching, Embedders embedders, MemoryKeeper keeper) {
    this.store = store;
    this.searching = searching;
    this.embedders = embedders;
    this.keeper = keeper;
  }

  /**
   * A part of an exchange.
   *
   * @param response that it was made in
   * @param at when, in milliseconds since 1970
   */
  public record Remembered(String response, long at, String text, double score) {}

  /** A response is to be remembered if it completes; durable when this returns. */
  public void note(ResponseId id) {
    store.note(id);
  }

  /** A noted response may have ended. */
  public void ended() {
    keeper.wake();
  }

  /**
   * Searches an owner's memory by meaning and by words. Blocking.
   *
   * @param limit how many parts at most, the best first
   * @throws Rejected saying why nothing can be searched now
   */
  public List<Remembered> recall(Owner owner, String query, int limit) throws InterruptedException {
    Optional<VectorStore> memory = store.find(owner);
    if (memory.isEmpty()) {
      return List.of();
    }
    if (embedders.find(memory.get().embeddingModel()).isEmpty()) {
      remodel(owner);
    }
    String text = query.substring(0, Math.min(MOST_QUERY, query.length()));
    List<Found> found =
        searching.search(
            List.of(memory.get()), new Question(List.of(text), null, limit, true, 0.0));
    // What was deleted a moment ago may still be in the index.
    Set<String> living =
        store.living(
            owner, found.stream().map(one -> one.file().fileId()).collect(Collectors.toSet()));
    return found.stream()
        .filter(one -> living.contains(one.file().fileId()))
        .map(one ->
            new Remembered(
                one.file().fileId(), one.file().createdAt(), one.chunk().text(), one.score()))
        .toList();
  }

  private void remodel(Owner owner) throws InterruptedException {
    int waiting;
    try {
      waiting = store.remodel(owner, MemoryKeeper.space(embedders));
    } catch (EngineException e) {
      throw new Rejected(e.problem());
    }
    throw new Rejected(
        new Problem.Conflict(
            "The memory is being indexed for another embedding model (" + waiting + " exchanges).",
            null));
  }

  @Override
  public int size(Owner owner) {
    return store.find(owner).map(memory -> memory.counts().total()).orElse(0);
  }

  @Override
  public int forget(Owner owner) {
    int forgotten = store.forget(owner);
    keeper.forgotten();
    return forgotten;
  }
}
