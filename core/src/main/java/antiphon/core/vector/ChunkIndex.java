package antiphon.core.vector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds chunks. An index is made of what the {@link VectorCatalog} has, and brought up to the
 * store's version ahead of each search: who searches sees what was done before, on whatever node.
 */
public interface ChunkIndex extends AutoCloseable {

  /**
   * Searches a store. Blocking; an interrupt stops it.
   *
   * @param store as it is now
   */
  List<Hit> search(VectorStore store, Query query) throws InterruptedException;

  /** Takes in what has changed, so that the next search need not. */
  void refresh(VectorStore store) throws InterruptedException;

  /** Takes in what has changed, and leaves no word behind of what was taken out. */
  void clean(VectorStore store) throws InterruptedException;

  /** Drops the index of a store that is no more; harmless if there is none. */
  void drop(long storeRow);

  /** The rows of the stores that there is an index of here. */
  List<Long> rows();

  @Override
  void close();

  /**
   * What is searched for.
   *
   * @param texts what was asked, and in other words; at least one
   * @param vectors of the texts, in their order; none to go by words alone, without scores
   * @param filter null for all files
   * @param limit how many hits at most
   * @param words whether words count too, and not meaning alone
   */
  record Query(
      List<String> texts,
      List<float[]> vectors,
      @Nullable Filter filter,
      int limit,
      boolean words) {
    public Query {
      texts = List.copyOf(texts);
      vectors = List.copyOf(vectors);
    }
  }

  /**
   * A chunk that was found.
   *
   * @param score 0 to 1, the highest first
   */
  record Hit(VectorCatalog.Place place, double score) {}
}
