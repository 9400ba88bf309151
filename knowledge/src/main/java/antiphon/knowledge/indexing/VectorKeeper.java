package antiphon.knowledge.indexing;

import antiphon.core.health.Pulse;
import antiphon.core.life.Lifecycle;
import antiphon.core.life.Loop;
import antiphon.core.vector.ChunkIndex;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Removes what was deleted, and stores whose time is over. */
final class VectorKeeper implements Lifecycle {

  private static final int BATCH = 500;
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** How often what was deleted is taken out of indexes and of the database's files, at most. */
  private static final Duration PACE = Duration.ofSeconds(3);

  /** It takes one part in so many of the time, at most: large indexes are written anew for it. */
  private static final int SHARE = 10;

  /** So long after its time a store still says that it has expired. */
  private static final Duration REMEMBERED = Duration.ofHours(1);

  /** What is written by others' clocks, or was being written, is looked at twice. */
  private static final Duration OVERLAP = Duration.ofMinutes(1);

  private final VectorCatalog catalog;
  private final ChunkIndex index;
  private final Semaphore wakes = new Semaphore(0);
  private final Pulse pulse = new Pulse("removal of deleted chunks", Duration.ofMinutes(10));
  private final Loop loop = Loop.of("vector-keeper", this::run);
  private long looked;
  private long next;
  private boolean erased;
  private boolean left;
  private volatile boolean closed;

  VectorKeeper(VectorCatalog catalog, ChunkIndex index) {
    this.catalog = catalog;
    this.index = index;
  }

  @Override
  public void start() {
    loop.start();
  }

  void wake() {
    wakes.release();
  }

  private void run() {
    try {
      while (!closed) {
        boolean _ = pulse.step(this::keep);
        Duration pause = erased && !left ? IDLE : PACE;
        if (wakes.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          wakes.drainPermits();
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void keep() throws InterruptedException {
    long now = catalog.clock().millis();
    for (VectorStoreId id : catalog.expired(BATCH)) {
      Optional<VectorStore> store = catalog.find(id);
      if (store.isPresent() && store.get().expired(now - REMEMBERED.toMillis())) {
        boolean _ = catalog.delete(id);
      }
    }
    while (!closed && catalog.purge(BATCH) > 0) {
      // A little at a time, so that others write between.
      erased = false;
    }
    Set<Long> rows = Set.copyOf(index.rows());
    for (long row : rows) {
      if (!catalog.lives(row)) {
        index.drop(row);
      }
    }
    // Each time it costs: what is deleted in a row goes together.
    boolean due = now >= next;
    left = false;
    // What was taken out is not to wait in an index until somebody searches.
    for (VectorStore store : catalog.forgetful(looked - OVERLAP.toMillis())) {
      if (rows.contains(store.row())) {
        if (due || store.id().isMemory()) {
          index.clean(store);
        } else {
          left = true;
        }
      }
    }
    if (due) {
      looked = now;
      erased = erased || catalog.erase();
      long after = catalog.clock().millis();
      next = after + Math.max(PACE.toMillis(), SHARE * (after - now));
    }
  }

  @Override
  public void close() {
    closed = true;
    loop.close();
  }

  @Override
  public boolean stopped() {
    return loop.stopped();
  }
}
