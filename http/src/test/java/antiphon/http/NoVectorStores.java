package antiphon.http;

import antiphon.core.api.VectorStores;
import antiphon.core.response.Owner;
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

/** Operations that nobody calls: for what only asks which routes there are. */
final class NoVectorStores implements VectorStores {

  private static AssertionError called() {
    return new AssertionError("called");
  }

  @Override
  public VectorStoreObject create(Owner owner, CreateVectorStore request) {
    throw called();
  }

  @Override
  public Page<VectorStoreObject> list(Owner owner, PageRequest page) {
    throw called();
  }

  @Override
  public VectorStoreObject get(VectorStoreId id) {
    throw called();
  }

  @Override
  public VectorStoreObject update(VectorStoreId id, JsonNode changes) {
    throw called();
  }

  @Override
  public void delete(VectorStoreId id) {
    throw called();
  }

  @Override
  public SearchPage search(VectorStoreId id, SearchVectorStore request) {
    throw called();
  }

  @Override
  public VectorStoreFileObject attach(VectorStoreId id, AttachFile request) {
    throw called();
  }

  @Override
  public Page<VectorStoreFileObject> files(
      VectorStoreId id, @Nullable String batch, @Nullable String status, PageRequest page) {
    throw called();
  }

  @Override
  public VectorStoreFileObject file(VectorStoreId id, String fileId) {
    throw called();
  }

  @Override
  public VectorStoreFileObject attributes(
      VectorStoreId id, String fileId, Map<String, JsonNode> attributes) {
    throw called();
  }

  @Override
  public FileContentPage content(VectorStoreId id, String fileId) {
    throw called();
  }

  @Override
  public void detach(VectorStoreId id, String fileId) {
    throw called();
  }

  @Override
  public FileBatchObject attach(VectorStoreId id, AttachBatch request) {
    throw called();
  }

  @Override
  public FileBatchObject batch(VectorStoreId id, String batch) {
    throw called();
  }

  @Override
  public FileBatchObject cancel(VectorStoreId id, String batch) {
    throw called();
  }
}
