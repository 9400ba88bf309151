package antiphon.knowledge.indexing;

import antiphon.core.engine.EngineException;
import antiphon.core.file.BlobStore;
import antiphon.core.file.FileStore;
import antiphon.core.file.StoredFile;
import antiphon.core.memory.Exchange;
import antiphon.core.memory.MemoryStore;
import antiphon.core.response.Problem;
import antiphon.core.response.ResponseId;
import antiphon.core.vector.AttachedFile.Code;
import antiphon.core.vector.AttachedFile.Failure;
import antiphon.core.vector.Chunk;
import antiphon.core.vector.ChunkIndex;
import antiphon.core.vector.Embedders;
import antiphon.core.vector.IndexJob;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorStore;
import antiphon.knowledge.extract.Extracted;
import antiphon.knowledge.extract.Extractor;
import antiphon.knowledge.text.Block;
import antiphon.knowledge.text.Chunker;
import antiphon.knowledge.text.Cut;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Indexes one file: reads it, cuts it, makes vectors of its chunks, and writes them. Whatever it
 * writes is refused once its claim is another's; then it stops.
 */
final class FileIndexer {

  /** So many chunks are written at a time: progress shows, and little is held. */
  private static final int AT_ONCE = 32;

  /** After so many nodes have died of it, a file is given up. */
  private static final int MOST_ATTEMPTS = 4;

  /** How often an embedding model is asked that is away. */
  private static final int MOST_TRIES = 4;

  private final VectorCatalog catalog;
  private final FileStore files;
  private final BlobStore blobs;
  private final Extractor extractor;
  private final Embedders embedders;
  private final ChunkIndex index;
  private final MemoryStore memory;
  private final Duration pause;

  /**
   * @param pause before an embedding model is asked again, twice as long each time
   */
  FileIndexer(
      VectorCatalog catalog,
      FileStore files,
      BlobStore blobs,
      Extractor extractor,
      Embedders embedders,
      ChunkIndex index,
      MemoryStore memory,
      Duration pause) {
    this.catalog = catalog;
    this.files = files;
    this.blobs = blobs;
    this.extractor = extractor;
    this.embedders = embedders;
    this.index = index;
    this.memory = memory;
    this.pause = pause;
  }

  /** The claim is lost, or the file has failed: there is nothing more to be done. */
  private static final class Over extends Exception {
    private static final long serialVersionUID = 1L;

    Over() {
      super("over", null, false, false);
    }
  }

  /**
   * Indexes it. Blocking; an interrupt stops it and leaves the claim as it is.
   *
   * @throws IOException if its bytes cannot be had now
   */
  void index(IndexJob job) throws IOException, InterruptedException {
    try {
      if (job.attempts() > MOST_ATTEMPTS) {
        throw failed(job, Code.INVALID_FILE, "The server has died several times reading it.");
      }
      Embedders.Served model =
          orFail(
              job,
              embedders.find(job.embeddingModel()),
              "The store's embedding model is not served any more.");
      List<Cut> cuts = job.store().isMemory() ? exchange(job) : cut(job);
      for (int from = 0; from < cuts.size(); from += AT_ONCE) {
        add(job, model, cuts, from, Math.min(cuts.size(), from + AT_ONCE));
      }
      require(catalog.complete(job));
      Optional<VectorStore> store = catalog.find(job.store());
      if (store.isPresent()) {
        index.refresh(store.get());
      }
    } catch (Over _) {
      // Whoever has it now knows what became of it.
    }
  }

  /** What was said in a response; one that is gone is forgotten. */
  private List<Cut> exchange(IndexJob job) throws Over {
    String response = job.file().value();
    Optional<Exchange> exchange = memory.exchange(new ResponseId(job.store().owner(), response));
    if (exchange.isEmpty()) {
      catalog.detach(job.store(), response);
      throw new Over();
    }
    List<Block> blocks =
        exchange.get().paragraphs().stream().map(text -> Block.text(null, text)).toList();
    List<Cut> cuts = Chunker.cut(blocks, job.chunking());
    require(catalog.cut(job, cuts.size(), null));
    return cuts;
  }

  private List<Cut> cut(IndexJob job) throws IOException, InterruptedException, Over {
    StoredFile file = orFail(job, files.find(job.file()), "The file has been deleted.");
    Extracted extracted;
    try {
      extracted = extractor.extract(file.filename(), file.bytes(), () -> blobs.open(file.blob()));
    } catch (NoSuchFileException _) {
      throw failed(job, Code.SERVER_ERROR, "The file's content is not there any more.");
    }
    return switch (extracted) {
      case Extracted.Unreadable(Failure failure) -> {
        catalog.fail(job, failure);
        throw new Over();
      }
      case Extracted.Text(List<Block> blocks, @Nullable Integer pages) -> {
        List<Cut> cuts = Chunker.cut(blocks, job.chunking());
        require(catalog.cut(job, cuts.size(), pages));
        yield cuts;
      }
    };
  }

  private void add(IndexJob job, Embedders.Served model, List<Cut> cuts, int from, int to)
      throws IOException, InterruptedException, Over {
    List<float[]> vectors =
        vectors(job, model, cuts.subList(from, to).stream().map(Cut::searched).toList());
    List<Chunk> chunks = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Cut cut = cuts.get(i);
      chunks.add(new Chunk(i, cut.text(), cut.heading(), cut.page(), vectors.get(i - from)));
    }
    require(catalog.add(job, chunks));
  }

  private List<float[]> vectors(IndexJob job, Embedders.Served model, List<String> texts)
      throws IOException, InterruptedException, Over {
    for (int tries = 1; ; tries++) {
      try {
        return model.embedder().embed(texts);
      } catch (EngineException e) {
        boolean hopeless = e.problem() instanceof Problem.Invalid;
        if (!hopeless && tries == MOST_TRIES && job.store().isMemory()) {
          // Nobody would put it in again.
          throw new IOException(e.problem().message());
        }
        if (hopeless || tries == MOST_TRIES) {
          throw failed(
              job, hopeless ? Code.INVALID_FILE : Code.SERVER_ERROR, e.problem().message());
        }
        Thread.sleep(pause.multipliedBy(1L << tries));
      }
    }
  }

  private <T> T orFail(IndexJob job, Optional<T> found, String otherwise) throws Over {
    if (found.isEmpty()) {
      throw failed(job, Code.SERVER_ERROR, otherwise);
    }
    return found.get();
  }

  private Over failed(IndexJob job, Code code, String message) {
    catalog.fail(job, new Failure(code, message));
    return new Over();
  }

  private static void require(boolean mine) throws Over {
    if (!mine) {
      throw new Over();
    }
  }
}
