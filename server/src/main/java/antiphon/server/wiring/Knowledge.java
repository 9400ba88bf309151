package antiphon.server.wiring;

import antiphon.core.api.Files;
import antiphon.core.api.VectorStores;
import antiphon.core.memory.Memory;
import antiphon.core.memory.MemoryKeeper;
import antiphon.core.service.FileKeeper;
import antiphon.core.service.FileService;
import antiphon.core.service.VectorStoreService;
import antiphon.core.tool.ToolRunner;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.Embedders;
import antiphon.core.vector.Searching;
import antiphon.engines.embeddings.HttpEmbedder;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.knowledge.embed.BuiltInEmbedder;
import antiphon.knowledge.extract.Extractor;
import antiphon.knowledge.extract.ParserChild;
import antiphon.knowledge.index.LuceneIndexes;
import antiphon.knowledge.indexing.Indexer;
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
  private final FileService files;
  private final VectorStoreService vectorStores;
  private final ToolRunner fileSearch;
  private final Memory memory;

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
    own(embedders);
    Path folder = storage.folder();
    if (storage.shared()) {
      folder = own(new Scratch(folder.resolve("nodes"))).folder();
    }
    LuceneIndexes indexes = own(new LuceneIndexes(folder.resolve("index"), storage.vectors()));
    Extractor extractor =
        own(
            new Extractor(
                new ParserChild(
                    folder.resolve("parser"), Duration.ofSeconds(settings.parseSeconds()))));
    Indexer indexer =
        own(
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
            own(new MemoryKeeper(storage.memory(), embedders, indexer)));
    fileSearch = new FileSearchRunner(storage.vectors(), searching);
    files = new FileService(storage.files(), storage.blobs(), settings.maxFileBytes());
    own(new FileKeeper(files));
    vectorStores =
        new VectorStoreService(storage.vectors(), storage.files(), embedders, searching, indexer);
  }

  private static Embedders embedders(KnowledgeSettings settings, Path folder) {
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

  /** What is remembered of responses. */
  public Memory memory() {
    return memory;
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
