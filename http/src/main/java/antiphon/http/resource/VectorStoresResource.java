package antiphon.http.resource;

import antiphon.core.api.VectorStores;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.vector.VectorStoreId;
import antiphon.http.error.Refusal;
import antiphon.http.route.Call;
import antiphon.protocol.response.DeletedObject;
import antiphon.protocol.response.ListPage;
import antiphon.protocol.vector.AttachBatch;
import antiphon.protocol.vector.AttachFile;
import antiphon.protocol.vector.AttachFile.Attributes;
import antiphon.protocol.vector.CreateVectorStore;
import antiphon.protocol.vector.SearchVectorStore;
import antiphon.protocol.vector.VectorStoreFileObject;
import antiphon.protocol.vector.VectorStoreObject;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code /vector_stores} and all below it. */
public final class VectorStoresResource {

  private final VectorStores stores;
  private final JsonBody bodies;

  public VectorStoresResource(VectorStores stores, JsonBody bodies) {
    this.stores = stores;
    this.bodies = bodies;
  }

  /** POST. */
  public void create(Call call, Owner owner) throws InterruptedException {
    CreateVectorStore request = bodies.read(call.exchange(), CreateVectorStore.class);
    Replies.json(call.exchange(), stores.create(owner, request));
  }

  /** GET: the owner's stores. */
  public void list(Call call, Owner owner) throws InterruptedException {
    Page<VectorStoreObject> page = stores.list(owner, Lists.page(call.query()));
    Replies.json(call.exchange(), listed(page, VectorStoreObject::id));
  }

  /** GET of one. */
  public void get(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), stores.get(id(call, owner)));
  }

  /** POST to one. */
  public void update(Call call, Owner owner) throws InterruptedException {
    JsonNode changes = bodies.read(call.exchange(), JsonNode.class);
    Replies.json(call.exchange(), stores.update(id(call, owner), changes));
  }

  /** DELETE. */
  public void delete(Call call, Owner owner) throws InterruptedException {
    VectorStoreId id = id(call, owner);
    stores.delete(id);
    Replies.json(call.exchange(), new DeletedObject(id.value(), "vector_store.deleted", true));
  }

  /** POST to {@code search}. */
  public void search(Call call, Owner owner) throws InterruptedException {
    SearchVectorStore request = bodies.read(call.exchange(), SearchVectorStore.class);
    Replies.json(call.exchange(), stores.search(id(call, owner), request));
  }

  /** POST to {@code files}. */
  public void attach(Call call, Owner owner) throws InterruptedException {
    AttachFile request = bodies.read(call.exchange(), AttachFile.class);
    Replies.json(call.exchange(), stores.attach(id(call, owner), request));
  }

  /** GET of {@code files}. */
  public void files(Call call, Owner owner) throws InterruptedException {
    files(call, owner, null);
  }

  private void files(Call call, Owner owner, @Nullable String batch) throws InterruptedException {
    String filter = call.query().text("filter");
    Page<VectorStoreFileObject> page =
        stores.files(id(call, owner), batch, filter, Lists.page(call.query()));
    Replies.json(call.exchange(), listed(page, VectorStoreFileObject::id));
  }

  /** GET of a file. */
  public void file(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), stores.file(id(call, owner), second(call)));
  }

  /** POST to a file: its attributes. */
  public void attributes(Call call, Owner owner) throws InterruptedException {
    Attributes request = bodies.read(call.exchange(), Attributes.class);
    Replies.json(
        call.exchange(), stores.attributes(id(call, owner), second(call), request.attributes()));
  }

  /** GET of a file's {@code content}. */
  public void content(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), stores.content(id(call, owner), second(call)));
  }

  /** DELETE of a file. */
  public void detach(Call call, Owner owner) throws InterruptedException {
    String fileId = second(call);
    stores.detach(id(call, owner), fileId);
    Replies.json(call.exchange(), new DeletedObject(fileId, "vector_store.file.deleted", true));
  }

  /** POST to {@code file_batches}. */
  public void attachBatch(Call call, Owner owner) throws InterruptedException {
    AttachBatch request = bodies.read(call.exchange(), AttachBatch.class);
    Replies.json(call.exchange(), stores.attach(id(call, owner), request));
  }

  /** GET of a batch. */
  public void batch(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), stores.batch(id(call, owner), second(call)));
  }

  /** POST to a batch's {@code cancel}. */
  public void cancelBatch(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), stores.cancel(id(call, owner), second(call)));
  }

  /** GET of a batch's {@code files}. */
  public void batchFiles(Call call, Owner owner) throws InterruptedException {
    files(call, owner, second(call));
  }

  private static <T> ListPage<T> listed(Page<T> page, Function<T, String> id) {
    List<T> data = page.data();
    String first = data.isEmpty() ? "" : id.apply(data.getFirst());
    String last = data.isEmpty() ? "" : id.apply(data.getLast());
    return new ListPage<>(data, page.hasMore(), first, last);
  }

  static VectorStoreId id(Call call, Owner owner) {
    return new VectorStoreId(owner, plain(call.variable(), "vector_store_id"));
  }

  private static String second(Call call) {
    return plain(call.variables().get(1), "id");
  }

  /** No id has a NUL character, and no database can look for one. */
  private static String plain(String id, String param) {
    if (id.indexOf('\0') >= 0) {
      throw Refusal.badRequest(param, "Invalid '" + param + "': must not contain a NUL character.");
    }
    return id;
  }
}
