package antiphon.core.log;

import antiphon.core.api.EncodedEvent;
import antiphon.core.api.EventReader;
import antiphon.core.response.ResponseId;
import antiphon.core.store.ResponseStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows a stored response's log wherever it is: in memory while it runs here, in the store
 * otherwise. It may change over in mid-stream; the numbers and the bytes are the same.
 */
public final class LogTail implements EventReader {

  private static final int BATCH = 256;

  /** Where the log expired, the snapshot alone gives the end. */
  public interface Last {
    /** The terminal event of an ended response; null if its number is not above this one. */
    @Nullable EncodedEvent event(long after);
  }

  /** No log is as long; whoever has read so far waits for the end, and numbers do not overflow. */
  private static final long MOST = Long.MAX_VALUE / 2;

  private final ResponseId id;
  private final ResponseStore store;
  private final LogPages pages;
  private final Function<ResponseId, @Nullable LiveLog> live;
  private final Wakeups wakeups;
  private final Last last;
  private @Nullable LiveLog lost;
  private long after;
  private boolean ended;

  /** What the reader is busy with, so that others can share it. */
  @SuppressWarnings("UnusedVariable") // Holding it is its use.
  private LogPages.@Nullable Page read;

  /**
   * @param after the last number already seen, -1 for all
   * @param pages of the same store
   * @param live finds the log in memory, or null
   * @param last for a log that has expired
   */
  public LogTail(
      ResponseId id,
      long after,
      ResponseStore store,
      LogPages pages,
      Function<ResponseId, @Nullable LiveLog> live,
      Wakeups wakeups,
      Last last) {
    this.id = id;
    this.after = Math.min(after, MOST);
    this.store = store;
    this.pages = pages;
    this.live = live;
    this.wakeups = wakeups;
    this.last = last;
  }

  @Override
  public @Nullable List<EncodedEvent> next(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!ended) {
      LiveLog log = live.apply(id);
      List<EncodedEvent> events =
          log != null && log != lost && after + 1 >= log.base()
              ? fromMemory(log, left(deadline))
              : fromStore(left(deadline));
      if (!events.isEmpty()) {
        after += events.size();
        return events;
      }
      if (!ended && left(deadline).isZero()) {
        return List.of();
      }
    }
    return null;
  }

  private List<EncodedEvent> fromMemory(LiveLog log, Duration patience)
      throws InterruptedException {
    return switch (log.read(after, BATCH, patience)) {
      case LogRead.Events(List<EncodedEvent> events, boolean end) -> {
        ended = end;
        yield events;
      }
      case LogRead.Older _ -> List.of();
      case LogRead.Elsewhere _ -> {
        lost = log;
        yield List.of();
      }
    };
  }

  private List<EncodedEvent> fromStore(Duration patience) throws InterruptedException {
    try (Wakeups.Wait wait = wakeups.register(id.value())) {
      LogPages.Page page = pages.read(id, after, BATCH);
      switch (page.rest()) {
        case MORE -> {
          if (page.events().isEmpty()) {
            wait.await(patience);
          }
        }
        case NOTHING -> ended = true;
        case EXPIRED -> {
          ended = true;
          EncodedEvent event = last.event(after);
          return event == null ? List.of() : List.of(event);
        }
        case UNWRITTEN -> store.reconstruct(id, LogReconstruction::of);
      }
      read = page;
      return page.events();
    }
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  @Override
  public void close() {
    ended = true;
  }
}
