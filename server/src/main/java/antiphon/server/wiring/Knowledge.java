package antiphon.server.wiring;

import antiphon.core.api.Files;
import antiphon.core.api.StorePermissions;
import antiphon.core.api.VectorStores;
import antiphon.core.life.Lifecycle;
import antiphon.core.memory.Memory;
import antiphon.core.memory.MemoryKeeper;
import antiphon.core.service.FileKeeper;
import antiphon.core.service.FileService;
import antiphon.core.service.PermissionService;
import antiphon.core.service.VectorStoreService;
import antiphon.core.tool.ToolRunner;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.Embedders;
import antiphon.core.vector.Searching;
import antiphon.core.vector.StoreAccess;
import antiphon.core.web.DocumentReader;
import antiphon.engines.embeddings.HttpEmbedder;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.knowledge.embed.BuiltInEmbedder;
import antiphon.knowledge.extract.Extractor;
import antiphon.knowledge.extract.ParserChild;
import antiphon.knowledge.index.LuceneIndexes;
import antiphon.knowledge.indexing.Indexer;
import antiphon.knowledge.pages.ExtractedDocuments;
import antiphon.knowledge.tool.FileSearchRunner;
import antiphon.server.settings.KnowledgeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/** Files, vector stores and searching them, put together. */
public final class Knowledge implements AutoCloseable {

  private static final Duration LEASE = Duration.ofSeconds(15);

  /** What suits the built-in model, in tokens. */
  private static final Chunking BUILT_IN = new Chunking(true, BuiltInEmbedder.WINDOW, 64);

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final List<Lifecycle> working = new ArrayList<>();
  private final FileService files;
  private final VectorStoreService vectorStores;
  private final PermissionService permissions;
  private final ToolRunner fileSearch;
  private final Memory memory;
  private final Embedders embedders;
  private final DocumentReader documents;

  /** Begins to look after what is kept. */
  public Knowledge(KnowledgeSettings settings, KnowledgeStorage storage) {
    this(settings, storage, embedders(settings, storage.folder()), LEASE);
  }

  /**
   * The same with these embedding models.
   *
   * @param embedders closed with this
   * @param lease how long a node may be silent until its files are indexed elsewhere
   */
  public Knowledge(
      KnowledgeSettings settings, KnowledgeStorage storage, Embedders embedders, Duration lease) {
    this.embedders = own(embedders);
    Path folder = storage.folder();
    if (storage.shared()) {
      folder = own(new Scratch(folder.resolve("nodes"))).folder();
    }
    LuceneIndexes indexes = own(new LuceneIndexes(folder.resolve("index"), storage.vectors()));
    Extractor extractor = own(extractor(settings, folder.resolve("parser")));
    // In a process of its own: pages are not to wait for files.
    documents = own(new ExtractedDocuments(extractor(settings, folder.resolve("page-parser"))));
    Indexer indexer =
        working(
            new Indexer(
                new Indexer.Settings("node_" + UUID.randomUUID(), settings.indexing(), lease),
                storage.vectors(),
                storage.files(),
                storage.blobs(),
                extractor,
                embedders,
                indexes,
                storage.memory()));
    Searching searching = new Searching(storage.vectors(), indexes, embedders);
    memory =
        new Memory(
            storage.memory(),
            searching,
            embedders,
            working(new MemoryKeeper(storage.memory(), embedders, indexer)));
    StoreAccess access = new StoreAccess(storage.vectors(), storage.permissions());
    fileSearch = new FileSearchRunner(access, storage.vectors().clock(), searching);
    files = new FileService(storage.files(), storage.blobs(), settings.maxFileBytes(), indexer);
    working(new FileKeeper(files));
    vectorStores =
        new VectorStoreService(
            storage.vectors(), access, storage.files(), embedders, searching, indexer);
    permissions = new PermissionService(access, storage.permissions(), storage.vectors().clock());
  }

  /**
   * Reads files.
   *
   * @param folder for what that writes meanwhile
   */
  static Extractor extractor(KnowledgeSettings settings, Path folder) {
    return new Extractor(new ParserChild(folder, Duration.ofSeconds(settings.parseSeconds())));
  }

  /**
   * The models of the settings, and the built-in one.
   *
   * @param folder for what it unpacks
   */
  static Embedders embedders(KnowledgeSettings settings, Path folder) {
    List<Embedders.Served> served = new ArrayList<>();
    KnowledgeSettings.Embeddings asked = settings.embeddings();
    if (asked != null) {
      UpstreamSettings upstream = UpstreamSettings.at("embeddings", asked.url(), asked.apiKey());
      served.add(
          new Embedders.Served(
              new HttpEmbedder(upstream, asked.model(), InstantSource.system()),
              new Chunking(true, asked.chunkTokens(), asked.chunkOverlapTokens())));
    }
    served.add(new Embedders.Served(new BuiltInEmbedder(folder.resolve("embedding")), BUILT_IN));
    return new Embedders(served);
  }

  private <T extends Lifecycle> T working(T part) {
    working.add(part);
    return own(part);
  }

  /** Begins to index, and to remove what need not be kept. */
  public void start() {
    working.forEach(Lifecycle::start);
  }

  private <T extends AutoCloseable> T own(T part) {
    owned.push(part);
    return part;
  }

  Files files() {
    return files;
  }

  /** The tool that searches files. */
  public ToolRunner fileSearch() {
    return fileSearch;
  }

  /** Reads documents to text. */
  DocumentReader documents() {
    return documents;
  }

  Embedders embedders() {
    return embedders;
  }

  /** What is remembered of responses. */
  public Memory memory() {
    return memory;
  }

  StorePermissions permissions() {
    return permissions;
  }

  VectorStores vectorStores() {
    return vectorStores;
  }

  @Override
  public void close() {
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("files could not be closed properly", e);
      }
    }
  }
}
