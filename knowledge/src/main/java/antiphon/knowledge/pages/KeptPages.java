package antiphon.knowledge.pages;

import antiphon.core.health.Complaints;
import antiphon.core.store.StoreException;
import antiphon.core.vector.Embedders;
import antiphon.core.web.PageIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Searches the pages that a {@link PageWriter} of another process has added: each search sees what
 * is there by then.
 */
public final class KeptPages implements PageIndex {

  private static final Logger LOG = LoggerFactory.getLogger(KeptPages.class);

  private final Path folder;
  private final Embedders embedders;

  /** Searches are done in threads that nobody interrupts: that would close their files. */
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          Math.max(2, Runtime.getRuntime().availableProcessors()),
          Thread.ofPlatform().name("pages-", 0).daemon().factory());

  private @Nullable Directory directory;
  private @Nullable SearcherManager searchers;

  /**
   * @param folder where pages are added; need not be there
   * @param embedders the models of this server; closed by whoever made them
   */
  public KeptPages(Path folder, Embedders embedders) {
    this.folder = folder;
    this.embedders = embedders;
  }

  /** Something done with the index as it is now. */
  @FunctionalInterface
  private interface Use<T> {
    T with(IndexSearcher searcher, String model) throws IOException;
  }

  @Override
  public boolean isEmpty() {
    if (!Files.isDirectory(folder)) {
      return true;
    }
    Future<Optional<Boolean>> work =
        submit(() -> use((searcher, _) -> searcher.getIndexReader().numDocs() == 0));
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return work.get().orElse(true);
        } catch (InterruptedException _) {
          interrupted = true;
        } catch (ExecutionException e) {
          Complaints.warn(LOG, "pages", "the kept pages cannot be read: " + e.getCause());
          return true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public List<Hit> search(String text, List<String> domains, int most) throws InterruptedException {
    String made = done((_, model) -> model).orElse("");
    float @Nullable [] vector = QueryVectors.of(embedders, made, text);
    return done((searcher, model) ->
            new PageSearch(searcher)
                .hits(text, model.equals(made) ? vector : null, model, domains, most))
        .orElse(List.of());
  }

  @Override
  public Optional<Page> page(String url) throws InterruptedException {
    return done((searcher, _) -> new PageSearch(searcher).page(Fields.page(url)))
        .flatMap(found -> found);
  }

  private <T> Optional<T> done(Use<T> use) throws InterruptedException {
    Future<Optional<T>> work = submit(() -> use(use));
    try {
      return work.get();
    } catch (ExecutionException e) {
      throw new StoreException("the kept pages cannot be searched", e);
    }
  }

  private <T> Future<T> submit(Callable<T> work) {
    try {
      return threads.submit(work);
    } catch (RejectedExecutionException e) {
      throw new StoreException("the kept pages are closed", e);
    }
  }

  /** Empty where there is no index. */
  private <T> Optional<T> use(Use<T> use) throws IOException {
    SearcherManager manager = manager();
    if (manager == null) {
      return Optional.empty();
    }
    IndexSearcher searcher = manager.acquire();
    try {
      DirectoryReader reader = (DirectoryReader) searcher.getIndexReader();
      String model = reader.getIndexCommit().getUserData().getOrDefault(Fields.MODEL, "");
      return Optional.of(use.with(searcher, model));
    } finally {
      manager.release(searcher);
    }
  }

  private synchronized @Nullable SearcherManager manager() throws IOException {
    if (searchers != null && !Files.isDirectory(folder)) {
      shut();
    }
    if (searchers == null) {
      if (!Files.isDirectory(folder)) {
        return null;
      }
      Directory opened = FSDirectory.open(folder);
      if (!DirectoryReader.indexExists(opened)) {
        opened.close();
        return null;
      }
      directory = opened;
      searchers = new SearcherManager(opened, null);
    } else {
      searchers.maybeRefreshBlocking();
    }
    return searchers;
  }

  private void shut() throws IOException {
    if (searchers != null) {
      searchers.close();
      searchers = null;
    }
    if (directory != null) {
      directory.close();
      directory = null;
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      synchronized (this) {
        shut();
      }
    } catch (IOException e) {
      LOG.warn("the kept pages could not be closed properly: {}", e.toString());
    }
  }
}
