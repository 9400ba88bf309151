package antiphon.core.log;

import antiphon.core.api.EncodedEvent;
import antiphon.core.response.ResponseId;
import antiphon.core.store.LogPage;
import antiphon.core.store.ResponseStore;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pages of stored logs. A large one is in memory once, however many read it: as long as one reader
 * holds it, others who come to the same place get the same. What is in a log does not change.
 */
public final class LogPages {

  /** In bytes: what is smaller is not worth sharing. */
  private static final long LARGE = 64 * 1024;

  private static final int LOCKS = 256;

  private final ResponseStore store;
  private final ConcurrentHashMap<Place, Shared> pages = new ConcurrentHashMap<>();
  private final ReferenceQueue<Page> dropped = new ReferenceQueue<>();
  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(ReentrantLock[]::new);

  public LogPages(ResponseStore store) {
    this.store = store;
  }

  /** Events as a reader gets them, and what there is behind them. */
  record Page(List<EncodedEvent> events, LogPage.Rest rest) {}

  private record Place(ResponseId id, long after, int limit) {}

  private static final class Shared extends WeakReference<Page> {
    private final Place place;

    private Shared(Place place, Page page, ReferenceQueue<Page> dropped) {
      super(page, dropped);
      this.place = place;
    }
  }

  /** As {@link ResponseStore#readLog}; the page must be held as long as its events are. */
  Page read(ResponseId id, long after, int limit) {
    Place place = new Place(id, after, limit);
    ReentrantLock lock = locks[Math.floorMod(place.hashCode(), LOCKS)];
    boolean first = lock.tryLock();
    if (!first) {
      // Whoever reads now may be reading the same.
      lock.lock();
    }
    try {
      Page shared = shared(place);
      if (shared != null) {
        return shared;
      }
      if (first) {
        return load(place);
      }
    } finally {
      lock.unlock();
    }
    return load(place);
  }

  private @Nullable Page shared(Place place) {
    for (var gone = dropped.poll(); gone != null; gone = dropped.poll()) {
      pages.remove(((Shared) gone).place, gone);
    }
    Shared shared = pages.get(place);
    return shared == null ? null : shared.get();
  }

  private Page load(Place place) {
    LogPage read = store.readLog(place.id, place.after, place.limit);
    Page page = new Page(read.events().stream().map(EncodedEvent::of).toList(), read.rest());
    long bytes = read.events().stream().mapToLong(event -> event.length).sum();
    if (bytes >= LARGE) {
      pages.put(place, new Shared(place, page, dropped));
    }
    return page;
  }

  /** How many pages are known, for tests. */
  int known() {
    return (int) pages.values().stream().map(Shared::get).filter(Objects::nonNull).count();
  }
}
