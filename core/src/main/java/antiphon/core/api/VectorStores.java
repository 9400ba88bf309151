package antiphon.core.api;

import antiphon.core.response.Owner;
import antiphon.core.response.Rejected;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.vector.VectorStoreId;
import antiphon.protocol.vector.AttachBatch;
import antiphon.protocol.vector.AttachFile;
import antiphon.protocol.vector.CreateVectorStore;
import antiphon.protocol.vector.FileBatchObject;
import antiphon.protocol.vector.FileContentPage;
import antiphon.protocol.vector.SearchPage;
import antiphon.protocol.vector.SearchVectorStore;
import antiphon.protocol.vector.VectorStoreFileObject;
import antiphon.protocol.vector.VectorStoreObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The operations on vector stores. Whatever is not the owner's is {@link Rejected} as not found;
 * what breaks a rule is too.
 */
public interface VectorStores {

  /** Makes a store, and puts files into it. */
  VectorStoreObject create(Owner owner, CreateVectorStore request) throws InterruptedException;

  /** A page of the owner's stores. */
  Page<VectorStoreObject> list(Owner owner, PageRequest page);

  /** A store. */
  VectorStoreObject get(VectorStoreId id);

  /**
   * Changes a store.
   *
   * @param changes what is named is changed; null takes it away
   */
  VectorStoreObject update(VectorStoreId id, JsonNode changes);

  /** Removes a store; its files stay. */
  void delete(VectorStoreId id);

  /** Searches a store. */
  SearchPage search(VectorStoreId id, SearchVectorStore request) throws InterruptedException;

  /** Puts a file into a store, to be indexed. */
  VectorStoreFileObject attach(VectorStoreId id, AttachFile request);

  /**
   * A page of a store's files.
   *
   * @param batch only those of this one, or null
   * @param status only those, or null
   */
  Page<VectorStoreFileObject> files(
      VectorStoreId id, @Nullable String batch, @Nullable String status, PageRequest page);

  /** A file of a store. */
  VectorStoreFileObject file(VectorStoreId id, String fileId);

  /** Replaces a file's attributes. */
  VectorStoreFileObject attributes(
      VectorStoreId id, String fileId, Map<String, JsonNode> attributes);

  /** The text of a file, as it is searched. */
  FileContentPage content(VectorStoreId id, String fileId);

  /** Takes a file out of a store. */
  void detach(VectorStoreId id, String fileId);

  /** Puts files into a store together. */
  FileBatchObject attach(VectorStoreId id, AttachBatch request);

  /** What became of a batch. */
  FileBatchObject batch(VectorStoreId id, String batch);

  /** Cancels what is not indexed yet of a batch. */
  FileBatchObject cancel(VectorStoreId id, String batch);
}
