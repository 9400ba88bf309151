package antiphon.core.vector;

import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Keeps vector stores, their files, and their files' chunks with their vectors: all that an index
 * can be made of. The rows of files that are in progress are the queue of the work to be done.
 */
public interface VectorCatalog {

  /** The most files that a store may have. */
  int MOST_FILES = 10_000;

  /** Makes an empty store. */
  VectorStore create(VectorStore.Fresh store);

  Optional<VectorStore> find(VectorStoreId id);

  /**
   * A page of an owner's stores, by the moment they were made.
   *
   * @return empty if {@code after} or {@code before} names no store of the owner's
   */
  Optional<Page<VectorStore>> list(Owner owner, PageRequest page);

  /** Changes a store; empty if there is none. */
  Optional<VectorStore> update(VectorStoreId id, VectorStore.Settings settings);

  /** Removes a store with all that it has; false if there is none. */
  boolean delete(VectorStoreId id);

  /** The store is used; noted at most once a minute. */
  void touch(VectorStore store);

  /** Whether there is a store of this row, of whomever. */
  boolean lives(long storeRow);

  /** Some of the stores whose time is over, those first that are over for longest. */
  List<VectorStoreId> expired(int limit);

  /**
   * Puts files into a store, all or none. One that has failed or was cancelled before is replaced.
   *
   * @param batch names them together; null for none
   * @param skipDuplicates whether content that is there already is skipped, with a row that says
   *     so, instead of refused
   */
  Attaching attach(
      VectorStoreId id,
      @Nullable String batch,
      List<AttachedFile.Fresh> files,
      boolean skipDuplicates);

  Optional<AttachedFile> findFile(VectorStoreId id, String fileId);

  /**
   * A page of a store's files.
   *
   * @param batch only those of this one, or null
   * @param status only those, or null
   * @return empty if {@code after} or {@code before} names no file of the store
   */
  Optional<Page<AttachedFile>> listFiles(
      VectorStoreId id,
      @Nullable String batch,
      AttachedFile.@Nullable Status status,
      PageRequest page);

  /** Replaces a file's attributes; empty if there is none. */
  Optional<AttachedFile> setAttributes(
      VectorStoreId id, String fileId, Map<String, JsonNode> attributes);

  /** Takes a file out; false if it is not in. */
  boolean detach(VectorStoreId id, String fileId);

  Optional<FileBatch> findBatch(VectorStoreId id, String batch);

  /** Cancels what is not indexed yet of a batch; empty if there is none. */
  Optional<FileBatch> cancelBatch(VectorStoreId id, String batch);

  /**
   * Claims files that wait, or whose node is silent, oldest first, one of each store before a
   * second of any. What an earlier claim has written of them is gone.
   */
  List<IndexJob> claim(String node, int limit, Duration lease);

  /**
   * Keeps claims alive; gives those that are lost, because the work was cancelled, or is another's.
   */
  List<IndexJob> extend(Collection<IndexJob> jobs, Duration lease);

  /** Notes how many chunks and pages a file has; false if the claim is lost. */
  boolean cut(IndexJob job, int chunks, @Nullable Integer pages);

  /** Adds chunks, which nobody finds yet; false if the claim is lost. */
  boolean add(IndexJob job, List<Chunk> chunks);

  /** The file is indexed, and can be found from now on; false if the claim is lost. */
  boolean complete(IndexJob job);

  /** The file cannot be indexed; false if the claim is lost. */
  boolean fail(IndexJob job, AttachedFile.Failure failure);

  /** Gives a claim back, as if it had not been made. */
  void release(IndexJob job);

  /** What has changed in a store, of this {@linkplain VectorStore#row row}, behind a version. */
  Changes changes(long storeRow, long after, int limit);

  /** Chunks of a file, of this row, from a number on. */
  List<Chunk> chunks(long fileRow, int from, int limit);

  /** Single chunks, by row and number, in the order asked for; without those that are gone. */
  List<Placed> chunks(List<Place> places);

  /**
   * Stores that something was taken out of.
   *
   * @param since this time, in milliseconds since 1970
   */
  List<VectorStore> forgetful(long since);

  /**
   * Removes a part of what was deleted.
   *
   * @return how many rows; 0 when there is nothing left
   */
  int purge(int batch);

  /**
   * Takes what was purged out of the database's own files, as far as that is the caller's to do.
   *
   * @return false if it has to be tried again
   */
  boolean erase();

  /** The time that stores are dated and leased by. */
  InstantSource clock();

  /** Where a chunk is. */
  record Place(long fileRow, int number) {}

  /** A chunk with its file. */
  record Placed(AttachedFile file, Chunk chunk) {}
}
