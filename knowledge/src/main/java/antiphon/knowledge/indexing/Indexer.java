package antiphon.knowledge.indexing;

import antiphon.core.file.BlobStore;
import antiphon.core.file.FileStore;
import antiphon.core.health.Complaints;
import antiphon.core.health.Pulse;
import antiphon.core.life.Lifecycle;
import antiphon.core.life.Loop;
import antiphon.core.memory.MemoryStore;
import antiphon.core.store.StoreException;
import antiphon.core.vector.ChunkIndex;
import antiphon.core.vector.Embedders;
import antiphon.core.vector.IndexJob;
import antiphon.core.vector.IndexWork;
import antiphon.core.vector.VectorCatalog;
import antiphon.knowledge.extract.Extractor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Indexes files that wait in the catalog, a few at a time, and keeps its claims on them alive. When
 * a node dies, others go on with what it had; when work is cancelled, it stops.
 */
public final class Indexer implements IndexWork, Lifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Indexer.class);

  /** How long other nodes' files may wait until this one looks. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private static final Duration EMBEDDING_PAUSE = Duration.ofMillis(500);
  private static final Duration STORE_PAUSE = Duration.ofSeconds(2);

  private final String node;
  private final int places;
  private final Duration lease;
  private final VectorCatalog catalog;
  private final FileIndexer files;
  private final VectorKeeper keeper;
  private final Map<IndexJob, Thread> running = new ConcurrentHashMap<>();
  private final Semaphore looks = new Semaphore(0);
  private final Semaphore beats = new Semaphore(0);
  private final Pulse claiming = new Pulse("claiming of files to index", Duration.ofMinutes(1));
  private final Pulse beating = new Pulse("lease of files to index", Duration.ofMinutes(1));
  private final Loop claimer = Loop.of("index-claims", this::claimAll);
  private final Loop beater = Loop.of("index-leases", this::beatAll);
  private volatile boolean closed;

  /**
   * How files are indexed.
   *
   * @param node this node's name
   * @param places how many files at a time
   * @param lease how long a node may be silent until its files are taken over
   */
  public record Settings(String node, int places, Duration lease) {}

  public Indexer(
      Settings settings,
      VectorCatalog catalog,
      FileStore files,
      BlobStore blobs,
      Extractor extractor,
      Embedders embedders,
      ChunkIndex index,
      MemoryStore memory) {
    this.node = settings.node();
    this.places = settings.places();
    this.lease = settings.lease();
    this.catalog = catalog;
    this.files =
        new FileIndexer(
            catalog, files, blobs, extractor, embedders, index, memory, EMBEDDING_PAUSE);
    this.keeper = new VectorKeeper(catalog, index);
  }

  @Override
  public void start() {
    keeper.start();
    claimer.start();
    beater.start();
  }

  @Override
  public void wake() {
    looks.release();
  }

  @Override
  public void recheck() {
    beats.release();
    keeper.wake();
  }

  private void claimAll() {
    try {
      while (!closed) {
        if (!claiming.step(this::claim)) {
          Thread.sleep(STORE_PAUSE);
        }
        if (looks.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
          looks.drainPermits();
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void claim() {
    int free = places - running.size();
    while (free > 0 && !closed) {
      List<IndexJob> claimed = catalog.claim(node, free, lease);
      claimed.forEach(this::start);
      if (claimed.isEmpty()) {
        return;
      }
      free = places - running.size();
    }
  }

  private void start(IndexJob job) {
    Thread worker = Thread.ofVirtual().name("index-", job.row()).unstarted(() -> work(job));
    running.put(job, worker);
    worker.start();
  }

  private void work(IndexJob job) {
    try {
      files.index(job);
    } catch (InterruptedException _) {
      // Its claim is lost, or this node stops and gives it back.
      if (closed) {
        release(job);
      }
    } catch (IOException | StoreException e) {
      Complaints.warn(LOG, "indexing", job.file() + " is to be indexed later: " + e.getMessage());
      pause();
      release(job);
    } catch (RuntimeException | Error e) {
      Complaints.error(LOG, "indexing", job.file() + " could not be indexed", e);
      pause();
      // Its lease runs out, and it counts as a death: another try may end in the same way.
    } finally {
      running.remove(job);
      looks.release();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(STORE_PAUSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void release(IndexJob job) {
    try {
      catalog.release(job);
    } catch (StoreException _) {
      // Its lease runs out.
    }
  }

  private void beatAll() {
    try {
      while (!closed) {
        if (beats.tryAcquire(lease.toMillis() / 3, TimeUnit.MILLISECONDS)) {
          beats.drainPermits();
        }
        boolean _ = beating.step(this::beat);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void beat() {
    if (running.isEmpty()) {
      return;
    }
    for (IndexJob lost : catalog.extend(running.keySet(), lease)) {
      Thread worker = running.get(lost);
      if (worker != null) {
        worker.interrupt();
      }
    }
  }

  /** Stops; what is half done is given back, for another node or another time. */
  @Override
  public void close() {
    closed = true;
    claimer.close();
    beater.close();
    keeper.close();
    boolean interrupted = false;
    for (Thread worker : running.values()) {
      worker.interrupt();
    }
    for (Thread worker : List.copyOf(running.values())) {
      try {
        boolean _ = worker.join(Duration.ofSeconds(10));
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean stopped() {
    return claimer.stopped() && beater.stopped() && keeper.stopped() && running.isEmpty();
  }
}
