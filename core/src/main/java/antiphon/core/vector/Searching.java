package antiphon.core.vector;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.vector.ChunkIndex.Hit;
import antiphon.core.vector.ChunkIndex.Query;
import antiphon.core.vector.VectorCatalog.Placed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Searches stores: makes vectors of what is asked, and texts of what is found. */
public final class Searching {

  private final VectorCatalog catalog;
  private final ChunkIndex index;
  private final Embedders embedders;

  public Searching(VectorCatalog catalog, ChunkIndex index, Embedders embedders) {
    this.catalog = catalog;
    this.index = index;
    this.embedders = embedders;
  }

  /**
   * What is asked.
   *
   * @param texts the question, maybe in several wordings
   * @param filter null for all files
   * @param limit how many results at most
   * @param words whether words count too, and not meaning alone
   * @param threshold the least score, 0 to 1
   */
  public record Question(
      List<String> texts, @Nullable Filter filter, int limit, boolean words, double threshold) {}

  /** A chunk that was found. */
  public record Found(AttachedFile file, Chunk chunk, double score) {}

  /**
   * Searches stores, of one owner and none of them expired; results of several are ordered by their
   * scores.
   *
   * @throws Rejected if a store's model is not served any more, or fails
   */
  public List<Found> search(List<VectorStore> stores, Question question)
      throws InterruptedException {
    Map<String, List<float[]>> vectors = new HashMap<>();
    List<Found> found = new ArrayList<>();
    for (VectorStore store : stores) {
      List<float[]> asked = vectors.get(store.embeddingModel());
      if (asked == null) {
        asked = embed(store, question.texts());
        vectors.put(store.embeddingModel(), asked);
      }
      found.addAll(search(store, question, asked));
      catalog.touch(store);
    }
    if (stores.size() > 1) {
      found.sort((one, other) -> Double.compare(other.score(), one.score()));
    }
    return found.size() > question.limit() ? found.subList(0, question.limit()) : found;
  }

  private List<Found> search(VectorStore store, Question question, List<float[]> vectors)
      throws InterruptedException {
    Query query =
        new Query(question.texts(), vectors, question.filter(), question.limit(), question.words());
    List<Hit> hits =
        index.search(store, query).stream()
            .filter(hit -> hit.score() >= question.threshold())
            .toList();
    Map<VectorCatalog.Place, Placed> placed = new HashMap<>();
    for (Placed one : catalog.chunks(hits.stream().map(Hit::place).toList())) {
      placed.put(new VectorCatalog.Place(one.file().row(), one.chunk().number()), one);
    }
    List<Found> found = new ArrayList<>();
    for (Hit hit : hits) {
      Placed one = placed.get(hit.place());
      // Without it the file was taken out in this moment.
      if (one != null) {
        found.add(new Found(one.file(), one.chunk(), hit.score()));
      }
    }
    return found;
  }

  private List<float[]> embed(VectorStore store, List<String> texts) throws InterruptedException {
    Embedders.Served served =
        embedders
            .find(store.embeddingModel())
            .orElseThrow(() ->
                new Rejected(
                    new Problem.Conflict(
                        "The vector store '"
                            + store.id()
                            + "' was made with the embedding model '"
                            + store.embeddingModel()
                            + "', which this server does not serve any more.",
                        "vector_store_id")));
    try {
      return served.embedder().embed(texts);
    } catch (EngineException e) {
      throw new Rejected(e.problem());
    }
  }
}
