package antiphon.knowledge.index;

import antiphon.core.health.Complaints;
import antiphon.core.store.StoreException;
import antiphon.core.vector.ChunkIndex;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An index a store, each in a folder of its own, opened when it is needed. They are made of what
 * the catalog has: one that is lost or broken is made again.
 */
public final class LuceneIndexes implements ChunkIndex {

  private static final Logger LOG = LoggerFactory.getLogger(LuceneIndexes.class);

  /** So many are kept open; the one that was used least recently makes room. */
  private static final int MOST_OPEN = 64;

  private final Path folder;
  private final VectorCatalog catalog;
  private final Words words = new Words();
  private final ReentrantLock lock = new ReentrantLock();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          Math.max(4, 2 * Runtime.getRuntime().availableProcessors()),
          Thread.ofPlatform().name("index-", 0).daemon().factory());
  private final Map<Long, Opened> open = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /** An index, and how many use it now. */
  private static final class Opened {
    private final OneIndex index;
    private int users;
    private boolean unwanted;

    Opened(OneIndex index) {
      this.index = index;
    }
  }

  /** Something to be done with an index. */
  @FunctionalInterface
  private interface Use<T> {
    T with(OneIndex index) throws IOException, InterruptedException;
  }

  /**
   * @param folder of this process alone
   */
  public LuceneIndexes(Path folder, VectorCatalog catalog) {
    this.folder = folder;
    this.catalog = catalog;
  }

  @Override
  public List<Hit> search(VectorStore store, Query query) throws InterruptedException {
    return use(
        store,
        index -> {
          index.refresh(store, catalog);
          return index.search(query, words);
        });
  }

  @Override
  public void refresh(VectorStore store) throws InterruptedException {
    use(
        store,
        index -> {
          index.refresh(store, catalog);
          return index;
        });
  }

  @Override
  public void clean(VectorStore store) throws InterruptedException {
    use(
        store,
        index -> {
          index.clean(store, catalog);
          return index;
        });
  }

  /**
   * Works with an index on a thread that nobody interrupts: an interrupt closes the files that its
   * thread reads or writes, and the index with them. Who is interrupted goes, and the work ends by
   * itself.
   */
  private <T> T use(VectorStore store, Use<T> use) throws InterruptedException {
    Future<T> work;
    try {
      work = threads.submit(() -> alone(store, use));
    } catch (RejectedExecutionException e) {
      throw new StoreException("the indexes are closed", e);
    }
    try {
      return work.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StoreException known
          ? known
          : new IllegalStateException("an index failed", e.getCause());
    }
  }

  private <T> T alone(VectorStore store, Use<T> use) throws InterruptedException {
    Opened opened = acquire(store.row());
    try {
      return use.with(opened.index);
    } catch (IOException | IllegalStateException | IllegalArgumentException e) {
      Complaints.warn(LOG, "index", "the index of " + store.id() + " is made again: " + e);
      discard(opened);
      throw new StoreException("the index of " + store.id() + " failed and is made again", e);
    } finally {
      release(store.row(), opened);
    }
  }

  private Opened acquire(long row) {
    lock.lock();
    try {
      if (closed) {
        throw new StoreException("the indexes are closed");
      }
      Opened found = open.get(row);
      if (found == null) {
        found = new Opened(opened(row));
        open.put(row, found);
        makeRoom();
      }
      found.users++;
      return found;
    } finally {
      lock.unlock();
    }
  }

  private OneIndex opened(long row) {
    Path place = place(row);
    try {
      return new OneIndex(place, words);
    } catch (IOException | RuntimeException e) {
      // Broken, by a disk or by a newer program: it is no more than a copy.
      LOG.warn("the index {} cannot be opened and is made again: {}", place, e.toString());
      remove(place);
      try {
        return new OneIndex(place, words);
      } catch (IOException again) {
        throw new StoreException("the index " + place + " cannot be made", again);
      }
    }
  }

  /** Called under the lock. */
  private void makeRoom() {
    Iterator<Opened> oldest = open.values().iterator();
    while (open.size() > MOST_OPEN && oldest.hasNext()) {
      Opened one = oldest.next();
      if (one.users == 0) {
        oldest.remove();
        close(one);
      }
    }
  }

  private void release(long row, Opened opened) {
    lock.lock();
    try {
      opened.users--;
      if (opened.users == 0 && (opened.unwanted || closed)) {
        open.remove(row, opened);
        close(opened);
        if (opened.unwanted) {
          remove(place(row));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void discard(Opened opened) {
    lock.lock();
    try {
      opened.unwanted = true;
    } finally {
      lock.unlock();
    }
  }

  private static void close(Opened opened) {
    try {
      opened.index.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("an index could not be closed properly: {}", e.toString());
    }
  }

  @Override
  public void drop(long storeRow) {
    lock.lock();
    try {
      Opened opened = open.get(storeRow);
      if (opened != null && opened.users > 0) {
        opened.unwanted = true;
        return;
      }
      if (opened != null) {
        open.remove(storeRow);
        close(opened);
      }
      remove(place(storeRow));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Long> rows() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> name.matches("[0-9]{1,18}"))
          .map(Long::valueOf)
          .toList();
    } catch (IOException e) {
      throw new StoreException("the indexes cannot be listed", e);
    }
  }

  private Path place(long row) {
    return folder.resolve(Long.toString(row));
  }

  private static void remove(Path place) {
    if (!Files.isDirectory(place)) {
      return;
    }
    try (Stream<Path> all = Files.walk(place)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.warn("the index {} could not be removed: {}", place, e.toString());
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    lock.lock();
    try {
      closed = true;
      open.values()
          .removeIf(one -> {
            boolean idle = one.users == 0;
            if (idle) {
              close(one);
            }
            return idle;
          });
    } finally {
      lock.unlock();
    }
  }
}
