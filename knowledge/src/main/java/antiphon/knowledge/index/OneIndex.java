package antiphon.knowledge.index;

import antiphon.core.vector.AttachedFile;
import antiphon.core.vector.Changes;
import antiphon.core.vector.Chunk;
import antiphon.core.vector.ChunkIndex.Hit;
import antiphon.core.vector.ChunkIndex.Query;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * The index of one store. It knows which version of the store it has, and writes that down with
 * what it has: after a crash it goes on from there.
 */
final class OneIndex implements AutoCloseable {

  static final String FILE = "file";
  static final String NUMBER = "number";
  static final String TEXT = "text";
  static final String VECTOR = "vector";

  private static final String VERSION = "version";
  private static final int FILES_AT_ONCE = 50;
  private static final int CHUNKS_AT_ONCE = 500;

  /** What is written between two flushes, in MiB. */
  private static final double BUFFER = 32;

  /** With so many chunks written, they are made durable, so that little is done again. */
  private static final int MOST_UNCOMMITTED = 5000;

  private final Directory directory;
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final ReentrantLock refreshing = new ReentrantLock();

  /** As far as it was taken in; under the lock. */
  private long version;

  /** The version that searches see, and the newest one that this process has seen the store in. */
  private volatile long seen = -1;

  private int uncommitted;

  /** Whether there may be words of what was taken out. */
  private volatile boolean unclean;

  OneIndex(Path folder, Words words) throws IOException {
    directory = FSDirectory.open(folder);
    try {
      TieredMergePolicy merging = new TieredMergePolicy();
      // What was deleted is to go, and not to wait for company.
      merging.setForceMergeDeletesPctAllowed(0);
      IndexWriterConfig config =
          new IndexWriterConfig(words)
              .setCodec(new LongVectors())
              .setRAMBufferSizeMB(BUFFER)
              .setMergePolicy(merging)
              .setCommitOnClose(false);
      writer = new IndexWriter(directory, config);
      version = committed();
      searchers = new SearcherManager(writer, null);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private long committed() {
    var data = writer.getLiveCommitData();
    if (data != null) {
      for (Map.Entry<String, String> entry : data) {
        if (entry.getKey().equals(VERSION)) {
          return Long.parseLong(entry.getValue());
        }
      }
    }
    return 0;
  }

  /** Takes in what has changed since, if anything. */
  void refresh(VectorStore store, VectorCatalog catalog) throws IOException, InterruptedException {
    if (seen == store.version()) {
      return;
    }
    refreshing.lockInterruptibly();
    try {
      // Another search may have been here meanwhile, and know of a newer version.
      if (seen >= store.version()) {
        return;
      }
      if ((version > 0 && version < store.floor()) || version > store.version()) {
        // What was deleted meanwhile is no longer known, or the database is an older one.
        writer.deleteAll();
        version = 0;
      }
      take(store, catalog);
    } finally {
      refreshing.unlock();
    }
  }

  private void take(VectorStore store, VectorCatalog catalog)
      throws IOException, InterruptedException {
    boolean deleted = false;
    Changes changes;
    do {
      changes = catalog.changes(store.row(), version, FILES_AT_ONCE);
      for (AttachedFile file : changes.files()) {
        deleted |= file.status() == AttachedFile.Status.DELETED;
        replace(file, catalog);
        version = file.changed();
      }
      commit(MOST_UNCOMMITTED);
    } while (changes.more());
    // Files that failed or were cancelled change nothing here.
    version = Math.max(version, store.version());
    searchers.maybeRefreshBlocking();
    // Only now: whoever sees this does not wait.
    seen = version;
    if (deleted) {
      unclean = true;
    }
  }

  /** Takes in what has changed, and leaves no word behind of what was taken out. */
  void clean(VectorStore store, VectorCatalog catalog) throws IOException, InterruptedException {
    refresh(store, catalog);
    if (!unclean && !writer.hasDeletions()) {
      return;
    }
    unclean = false;
    // Searches need not wait for this, which may take a while.
    writer.forceMergeDeletes(true);
    refreshing.lockInterruptibly();
    try {
      uncommitted++;
      commit(1);
      searchers.maybeRefreshBlocking();
      writer.deleteUnusedFiles();
    } finally {
      refreshing.unlock();
    }
  }

  private void replace(AttachedFile file, VectorCatalog catalog)
      throws IOException, InterruptedException {
    String row = Long.toString(file.row());
    writer.deleteDocuments(new Term(FILE, row));
    if (file.status() == AttachedFile.Status.DELETED) {
      uncommitted++;
      return;
    }
    int from = 0;
    List<Chunk> chunks;
    do {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      chunks = catalog.chunks(file.row(), from, CHUNKS_AT_ONCE);
      for (Chunk chunk : chunks) {
        writer.addDocument(document(file, chunk));
        from = chunk.number() + 1;
      }
      uncommitted += chunks.size();
    } while (chunks.size() == CHUNKS_AT_ONCE);
  }

  private static Document document(AttachedFile file, Chunk chunk) {
    Document document = new Document();
    document.add(new StringField(FILE, Long.toString(file.row()), Field.Store.NO));
    document.add(new NumericDocValuesField(FILE, file.row()));
    document.add(new NumericDocValuesField(NUMBER, chunk.number()));
    // The text itself is the database's: here are its words alone.
    document.add(new TextField(TEXT, chunk.heading() + "\n" + chunk.text(), Field.Store.NO));
    document.add(
        new KnnFloatVectorField(VECTOR, chunk.vector(), VectorSimilarityFunction.DOT_PRODUCT));
    Filters.add(document, file.attributes());
    return document;
  }

  /** Makes durable what was taken in, if it is so much. */
  private void commit(int most) throws IOException {
    if (uncommitted >= most) {
      writer.setLiveCommitData(Map.of(VERSION, Long.toString(version)).entrySet());
      writer.commit();
      uncommitted = 0;
    }
  }

  List<Hit> search(Query query, Words words) throws IOException {
    IndexSearcher searcher = searchers.acquire();
    try {
      return new Search(searcher, words).hits(query);
    } finally {
      searchers.release(searcher);
    }
  }

  @Override
  public void close() throws IOException {
    refreshing.lock();
    try {
      try {
        commit(1);
      } finally {
        searchers.close();
        writer.rollback();
        directory.close();
      }
    } finally {
      refreshing.unlock();
    }
  }
}
