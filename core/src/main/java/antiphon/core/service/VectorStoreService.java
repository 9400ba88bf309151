package antiphon.core.service;

import antiphon.core.api.VectorStores;
import antiphon.core.file.FileId;
import antiphon.core.file.FileStore;
import antiphon.core.file.StoredFile;
import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.vector.AttachedFile;
import antiphon.core.vector.Attaching;
import antiphon.core.vector.Chunk;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.Embedders;
import antiphon.core.vector.FileBatch;
import antiphon.core.vector.IndexWork;
import antiphon.core.vector.Searching;
import antiphon.core.vector.StoreAccess;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorPermissions.Role;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import antiphon.protocol.json.Json;
import antiphon.protocol.vector.AttachBatch;
import antiphon.protocol.vector.AttachFile;
import antiphon.protocol.vector.ChunkingStrategy;
import antiphon.protocol.vector.CreateVectorStore;
import antiphon.protocol.vector.ExpiresAfter;
import antiphon.protocol.vector.FileBatchObject;
import antiphon.protocol.vector.FileContentPage;
import antiphon.protocol.vector.SearchPage;
import antiphon.protocol.vector.SearchVectorStore;
import antiphon.protocol.vector.TextContent;
import antiphon.protocol.vector.VectorStoreFileObject;
import antiphon.protocol.vector.VectorStoreObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The operations on vector stores. */
public final class VectorStoreService implements VectorStores {

  /** So many files may be put in with one call. */
  private static final int MOST_AT_ONCE = 2000;

  private static final int CHUNKS_AT_ONCE = 200;

  /** How long a file's text may be to be given back whole, in characters. */
  private static final int MOST_CONTENT = 20_000_000;

  private final VectorCatalog catalog;
  private final Reach reach;
  private final FileStore files;
  private final Embedders embedders;
  private final Searching searching;
  private final IndexWork work;
  private final Ids ids;

  public VectorStoreService(
      VectorCatalog catalog,
      StoreAccess access,
      FileStore files,
      Embedders embedders,
      Searching searching,
      IndexWork work) {
    this.catalog = catalog;
    this.reach = new Reach(access, catalog.clock());
    this.files = files;
    this.embedders = embedders;
    this.searching = searching;
    this.work = work;
    this.ids = new Ids(catalog.clock());
  }

  @Override
  public VectorStoreObject create(Owner owner, CreateVectorStore request)
      throws InterruptedException {
    VectorModels.requireVectors(request);
    Embedders.Served model = VectorModels.of(embedders, request);
    Map<String, String> metadata = request.metadata() == null ? Map.of() : request.metadata();
    Metadata.check(metadata);
    List<AttachedFile.Fresh> fresh =
        fresh(
            owner,
            entries("file_ids", request.fileIds(), null),
            null,
            request.chunkingStrategy(),
            model.chunking());
    requireDistinct(fresh);
    VectorStore.Fresh store =
        new VectorStore.Fresh(
            new VectorStoreId(owner, ids.next("vs")),
            VectorRules.name(request.name()),
            VectorRules.description(request.description()),
            metadata,
            VectorRules.days(request.expiresAfter()),
            model.embedder().model(),
            VectorModels.dimensions(model, request));
    VectorStore made = catalog.create(store);
    if (!fresh.isEmpty()) {
      var _ = attached(store.id(), null, fresh, false);
      made = reach.find(store.id(), Role.OWNER);
    }
    return VectorWire.store(made, now());
  }

  private static void requireDistinct(List<AttachedFile.Fresh> fresh) {
    Map<String, String> seen = new HashMap<>();
    for (AttachedFile.Fresh one : fresh) {
      String held = seen.putIfAbsent(one.sha256(), one.fileId());
      if (held != null) {
        throw duplicate(one.fileId(), held);
      }
    }
  }

  @Override
  public Page<VectorStoreObject> list(Owner owner, PageRequest page) {
    Page<VectorStore> found = catalog.list(owner, page).orElseThrow(() -> NotFound.cursor(page));
    long now = now();
    return new Page<>(
        found.data().stream().map(store -> VectorWire.store(store, now)).toList(), found.hasMore());
  }

  @Override
  public VectorStoreObject get(VectorStoreId id) {
    return VectorWire.store(reach.live(id, Role.READER), now());
  }

  @Override
  public VectorStoreObject update(VectorStoreId id, JsonNode changes) {
    if (!changes.isObject()) {
      throw new Rejected(new Problem.Invalid("The body must be a JSON object.", null, null));
    }
    VectorStore now = reach.live(id, Role.OWNER);
    // What is not there stays; what is null goes.
    CreateVectorStore given = Json.convert(changes, CreateVectorStore.class);
    ExpiresAfter expiry = given.expiresAfter();
    if (given.metadata() != null) {
      Metadata.check(given.metadata());
    }
    VectorStore.Settings settings =
        new VectorStore.Settings(
            changes.has("name") ? VectorRules.name(given.name()) : now.name(),
            changes.has("description")
                ? VectorRules.description(given.description())
                : now.description(),
            given.metadata() == null ? now.metadata() : given.metadata(),
            changes.has("expires_after") ? VectorRules.days(expiry) : now.expiresDays());
    VectorStore changed =
        catalog.update(id, settings).orElseThrow(() -> NotFound.vectorStore(id.value()));
    return VectorWire.store(changed, now());
  }

  @Override
  public void delete(VectorStoreId id) {
    if (!catalog.delete(reach.find(id, Role.OWNER).id())) {
      throw NotFound.vectorStore(id.value());
    }
    work.recheck();
  }

  @Override
  public SearchPage search(VectorStoreId id, SearchVectorStore request)
      throws InterruptedException {
    Searching.Question question = VectorRules.question(request);
    List<SearchPage.Result> results =
        searching.search(List.of(reach.live(id, Role.READER)), question).stream()
            .map(VectorWire::result)
            .toList();
    return new SearchPage(String.join("\n", question.texts()), results, false, null);
  }

  @Override
  public VectorStoreFileObject attach(VectorStoreId id, AttachFile request) {
    VectorStore store = reach.live(id, Role.WRITER);
    List<AttachedFile.Fresh> fresh =
        fresh(id.owner(), List.of(new Entry("", request)), null, null, usual(store));
    return VectorWire.file(attached(store.id(), null, fresh, false).getFirst());
  }

  @Override
  public FileBatchObject attach(VectorStoreId id, AttachBatch request) {
    VectorStore store = reach.live(id, Role.WRITER);
    if ((request.fileIds() == null) == (request.files() == null)) {
      throw Rejected.invalid("file_ids", "Give one of 'file_ids' and 'files'.");
    }
    List<Entry> entries = entries("file_ids", request.fileIds(), request.files());
    if (entries.isEmpty()) {
      throw Rejected.invalid("file_ids", "Invalid 'file_ids': must not be empty.");
    }
    Map<String, JsonNode> attributes = VectorRules.attributes("attributes", request.attributes());
    List<AttachedFile.Fresh> fresh =
        fresh(id.owner(), entries, attributes, request.chunkingStrategy(), usual(store));
    String batch = ids.next("vsfb");
    boolean skip = Boolean.TRUE.equals(request.skipDuplicates());
    var _ = attached(store.id(), batch, fresh, skip);
    return batch(id, batch);
  }

  /** A file that is to be put in, and how the request names it. */
  private record Entry(String param, AttachFile file) {}

  private static List<Entry> entries(
      String param, @Nullable List<String> fileIds, @Nullable List<AttachFile> given) {
    List<Entry> entries = new ArrayList<>();
    if (fileIds != null) {
      for (int i = 0; i < fileIds.size(); i++) {
        entries.add(new Entry(param + "[" + i + "]", new AttachFile(fileIds.get(i), null, null)));
      }
    }
    if (given != null) {
      for (int i = 0; i < given.size(); i++) {
        entries.add(new Entry("files[" + i + "].file_id", given.get(i)));
      }
    }
    if (entries.size() > MOST_AT_ONCE) {
      throw Rejected.invalid(
          param, "Invalid '" + param + "': must have at most " + MOST_AT_ONCE + " entries.");
    }
    return entries;
  }

  private List<AttachedFile.Fresh> fresh(
      Owner owner,
      List<Entry> entries,
      @Nullable Map<String, JsonNode> attributes,
      @Nullable ChunkingStrategy strategy,
      Chunking usual) {
    Chunking general = VectorRules.chunking("chunking_strategy", strategy, usual);
    List<AttachedFile.Fresh> fresh = new ArrayList<>();
    for (Entry entry : entries) {
      AttachFile file = entry.file();
      StoredFile stored = stored(owner, entry);
      fresh.add(
          new AttachedFile.Fresh(
              owner,
              file.fileId(),
              stored.filename(),
              stored.sha256(),
              file.chunkingStrategy() == null
                  ? general
                  : VectorRules.chunking("chunking_strategy", file.chunkingStrategy(), usual),
              file.attributes() == null && attributes != null
                  ? attributes
                  : VectorRules.attributes("attributes", file.attributes())));
    }
    return fresh;
  }

  private StoredFile stored(Owner owner, Entry entry) {
    String fileId = entry.file().fileId();
    return files
        .find(new FileId(owner, fileId))
        .orElseThrow(() ->
            entry.param().isEmpty()
                ? NotFound.file(fileId)
                : Rejected.invalid(
                    entry.param(), "Invalid '" + entry.param() + "': there is no such file."));
  }

  private List<AttachedFile> attached(
      VectorStoreId id, @Nullable String batch, List<AttachedFile.Fresh> fresh, boolean skip) {
    return switch (catalog.attach(id, batch, fresh, skip)) {
      case Attaching.Attached(List<AttachedFile> there) -> {
        work.wake();
        yield there;
      }
      case Attaching.Duplicate(String fileId, String held) -> throw duplicate(fileId, held);
      case Attaching.TooMany(int most) ->
          throw Rejected.invalid("file_ids", "A vector store may have at most " + most + " files.");
      case Attaching.NoStore _ -> throw NotFound.vectorStore(id.value());
    };
  }

  private static Rejected duplicate(String fileId, String held) {
    return new Rejected(
        new Problem.Conflict(
            fileId.equals(held)
                ? "The file '" + fileId + "' is in this vector store already."
                : "The content of the file '"
                    + fileId
                    + "' is in this vector store already, as '"
                    + held
                    + "'.",
            "file_id"));
  }

  private Chunking usual(VectorStore store) {
    return embedders.find(store.embeddingModel()).orElse(embedders.usual()).chunking();
  }

  @Override
  public Page<VectorStoreFileObject> files(
      VectorStoreId id, @Nullable String batch, @Nullable String status, PageRequest page) {
    VectorStoreId store = reach.live(id, Role.READER).id();
    if (batch != null && catalog.findBatch(store, batch).isEmpty()) {
      throw NotFound.fileBatch(batch);
    }
    AttachedFile.Status wanted = status == null ? null : status(status);
    Page<AttachedFile> found =
        catalog.listFiles(store, batch, wanted, page).orElseThrow(() -> NotFound.cursor(page));
    return new Page<>(found.data().stream().map(VectorWire::file).toList(), found.hasMore());
  }

  private static AttachedFile.Status status(String word) {
    return Arrays.stream(AttachedFile.Status.values())
        .filter(status -> status != AttachedFile.Status.DELETED && status.wire().equals(word))
        .findFirst()
        .orElseThrow(() ->
            Rejected.invalid(
                "filter",
                "Invalid 'filter': must be one of in_progress, completed, failed, cancelled."));
  }

  @Override
  public VectorStoreFileObject file(VectorStoreId id, String fileId) {
    return VectorWire.file(findFile(reach.live(id, Role.READER).id(), fileId));
  }

  private AttachedFile findFile(VectorStoreId store, String fileId) {
    return catalog.findFile(store, fileId).orElseThrow(() -> NotFound.file(fileId));
  }

  @Override
  public VectorStoreFileObject attributes(
      VectorStoreId id, String fileId, Map<String, JsonNode> attributes) {
    VectorStoreId store = reach.live(id, Role.WRITER).id();
    var _ = findFile(store, fileId);
    Map<String, JsonNode> checked = VectorRules.attributes("attributes", attributes);
    return VectorWire.file(
        catalog.setAttributes(store, fileId, checked).orElseThrow(() -> NotFound.file(fileId)));
  }

  @Override
  public FileContentPage content(VectorStoreId id, String fileId) {
    AttachedFile file = findFile(reach.live(id, Role.READER).id(), fileId);
    List<TextContent> content = new ArrayList<>();
    if (file.status() == AttachedFile.Status.COMPLETED) {
      long characters = 0;
      List<Chunk> chunks;
      do {
        chunks = catalog.chunks(file.row(), content.size(), CHUNKS_AT_ONCE);
        for (Chunk chunk : chunks) {
          characters += chunk.text().length();
          content.add(new TextContent(chunk.text()));
        }
      } while (chunks.size() == CHUNKS_AT_ONCE && characters < MOST_CONTENT);
    }
    return new FileContentPage(fileId, file.filename(), content, file.attributes());
  }

  @Override
  public void detach(VectorStoreId id, String fileId) {
    if (!catalog.detach(reach.live(id, Role.WRITER).id(), fileId)) {
      throw NotFound.file(fileId);
    }
    work.recheck();
  }

  @Override
  public FileBatchObject batch(VectorStoreId id, String batch) {
    VectorStoreId store = reach.live(id, Role.READER).id();
    return VectorWire.batch(
        catalog.findBatch(store, batch).orElseThrow(() -> NotFound.fileBatch(batch)));
  }

  @Override
  public FileBatchObject cancel(VectorStoreId id, String batch) {
    VectorStoreId store = reach.live(id, Role.WRITER).id();
    FileBatch cancelled =
        catalog.cancelBatch(store, batch).orElseThrow(() -> NotFound.fileBatch(batch));
    work.recheck();
    return VectorWire.batch(cancelled);
  }

  private long now() {
    return catalog.clock().millis();
  }
}
