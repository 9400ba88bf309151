package antiphon.core.log;

import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the events of a live log to its store while it runs, and says when the run has to wait. A
 * durable log goes there event by event; one that is written at its end goes in pieces once it is
 * long, so that memory does not hold it. Guarded by the log's lock.
 */
final class LogFeed {

  /** How many events a durable log may be ahead of the store before its run has to wait. */
  private static final int MAX_AHEAD = 4096;

  /** How many bytes of a log may wait, for the store or for their only reader. */
  private static final long MAX_BYTES = 4 * 1024 * 1024;

  /** How long a piece of a log is that is written before its end. */
  private static final long PIECE = 256 * 1024;

  /** How many events are kept in case somebody wants to read them after all. */
  private static final int MAX_UNWRITTEN = 8192;

  private final LogSink sink;
  private final LogEvents events;
  private final ResponseState state;
  private final Consumer<Appended> then;
  private boolean held;

  /**
   * @param then takes what became of an append, on a thread of the store
   */
  LogFeed(LogSink sink, LogEvents events, ResponseState state, Consumer<Appended> then) {
    this.sink = sink;
    this.events = events;
    this.state = state;
    this.then = then;
  }

  /**
   * Whether the run has to wait before it adds more.
   *
   * @param running whether it is the run that asks; nobody else may be kept waiting by a reader
   */
  boolean isFull(boolean running) {
    if (sink.durableFirst()) {
      return events.hidden() >= MAX_AHEAD || events.unstoredBytes() >= MAX_BYTES;
    }
    if (sink.kept()) {
      return events.isUnderWay() && events.unstoredBytes() >= MAX_BYTES;
    }
    return running && events.followed() && events.heldBytes() >= MAX_BYTES;
  }

  /** Whether there is too much to keep it for a reader who may never come. */
  boolean isTooMuchUnwritten() {
    return sink.kept() && events.unwritten() >= MAX_UNWRITTEN;
  }

  /**
   * Something was added to an open log.
   *
   * @param running whether the run did it: before it begins there may be no row to write to
   */
  void added(boolean running) {
    if (sink.durableFirst()) {
      submit();
    } else {
      events.showAll();
      if (running && events.unsentBytes() >= PIECE && sink.kept()) {
        submit();
      }
    }
  }

  /** Keeps what comes from here on for the end. */
  void hold() {
    held = true;
  }

  private void submit() {
    if (held) {
      return;
    }
    LogEvents.Batch batch = events.next();
    if (batch != null) {
      var _ =
          sink.append(
                  new Append(
                      sink.run(), batch.first(), batch.events(), state.usage(), batch.entries()))
              .whenComplete((done, failure) -> then.accept(new Appended(batch, done, failure)));
    }
  }

  /**
   * Takes in what became of an append.
   *
   * @param open whether the log is
   * @return false if the run has lost its log
   */
  boolean took(Appended appended, boolean open) {
    if (appended.failure() == null && appended.done() == AppendOutcome.DONE) {
      events.stored(appended.batch());
      if (open && (sink.durableFirst() || events.unsentBytes() >= PIECE)) {
        submit();
      }
      return true;
    }
    boolean mayWait =
        appended.failure() != null && !sink.durableFirst() && events.unstoredBytes() < MAX_BYTES;
    if (mayWait) {
      events.storeAgain();
    } else {
      events.notStored();
    }
    return mayWait;
  }

  /** What became of an append: how it came out, or why not. */
  record Appended(
      LogEvents.Batch batch, @Nullable AppendOutcome done, @Nullable Throwable failure) {}
}
