package antiphon.core.log;

import antiphon.core.api.EncodedEvent;
import antiphon.core.response.ResponseId;
import antiphon.core.response.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The log of a response that runs on this node.
 *
 * <p>One run writes, any number of readers follow. Events are numbered, folded into the {@link
 * ResponseState} and encoded once, under the lock. A {@linkplain LogSink#durableFirst durable} log
 * shows an event only after the store has it: while one append is under way the next ones gather,
 * so a slow disk makes larger appends, not more of them.
 *
 * <p>What nobody follows is not written down event by event: it is folded alone, and told from the
 * snapshot if somebody asks later ({@link LogReconstruction}).
 *
 * <p>Whoever wants the response to end {@linkplain #end seals} the log first. From then on the run
 * cannot add anything, so the ending is made from exactly what came before; whether it holds is
 * decided by the store's guarded update alone.
 */
public final class LiveLog extends LogWriter {

  /**
   * @param sink where the events go
   * @param state the response so far; its next number is the first that this log gives
   */
  public LiveLog(LogSink sink, ResponseState state) {
    super(sink, state);
  }

  /**
   * The response as it is now, as JSON; in a durable log after what it shows has become durable.
   *
   * @return null if the response ended elsewhere: ask the store
   */
  public byte @Nullable [] snapshot() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      byte[] json = state.json();
      long shown = events.end();
      while (ended() == null && events.visible() < shown) {
        changed.await();
      }
      return switch (ended()) {
        case null -> json;
        case Outcome.Ended ended -> ended.snapshot();
        case Outcome.Lost _ -> null;
      };
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the response, or learns how it ended. The first caller seals the log, interrupts the run
   * and brings the ending to the store; later ones wait for what came of it.
   *
   * <p>Not interruptible: a half-way end would leave a sealed log that nobody can open again.
   */
  public Outcome end(Transition transition) {
    lock.lock();
    try {
      settled();
      Outcome before = ended();
      if (before != null) {
        return before;
      }
      seal();
    } finally {
      lock.unlock();
    }
    return settle(transition);
  }

  /**
   * Reads on.
   *
   * @param after the last number the reader has; beyond the end if it likes: then it waits for what
   *     comes after that
   * @param patience how long to wait for more
   */
  public LogRead read(long after, int limit, Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      if (!sink.kept() && events.forget(after + 1)) {
        changed.signalAll();
      }
      while (true) {
        if (!events.followed() && isOpen()) {
          events.follow(state::encode);
          events.showAll();
        }
        if (after + 1 < events.base()) {
          return new LogRead.Older();
        }
        if (after + 1 < events.visible()) {
          List<EncodedEvent> read = events.visible(after + 1, limit);
          boolean all = after + 1 + read.size() == events.visible();
          return new LogRead.Events(read, all && ended() instanceof Outcome.Ended);
        }
        if (ended() != null) {
          return ended() instanceof Outcome.Ended && events.followed()
              ? new LogRead.Events(List.of(), true)
              : new LogRead.Elsewhere();
        }
        if (nanos <= 0) {
          return new LogRead.Events(List.of(), false);
        }
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private Outcome settle(Transition transition) {
    try {
      return new Ender(sink, new Sealed()).end(transition);
    } catch (RuntimeException | Error e) {
      // The store did not answer. Nothing was decided; the lease will run out and recovery decides.
      exclusively(() -> finish(new Outcome.Lost(true)));
      throw e;
    }
  }

  /** What {@link Ender} ends. */
  private final class Sealed implements SealedLog {

    @Override
    public ResponseId id() {
      return LiveLog.this.id();
    }

    @Override
    public Tail tail(Transition transition) {
      return locked(() -> {
        ResponseState.Ended ended = state.ending(transition, sink.now(), events.followed());
        if (ended.unwritten()) {
          return new Tail(events.base(), List.of(), ended, events.unsentEntries());
        }
        events.follow(state::encode);
        List<EncodedEvent> all = events.unsent();
        all.addAll(ended.events());
        return new Tail(events.firstUnsent(), all, ended, events.unsentEntries());
      });
    }

    @Override
    public void metadata(Map<String, String> metadata, long version) {
      LiveLog.this.metadata(metadata, version);
    }

    @Override
    public Outcome won(ResponseState.Ended ended) {
      return locked(() -> {
        if (!ended.unwritten()) {
          events.end(ended.events(), sink.kept());
        }
        return finish(new Outcome.Ended(ended.status(), ended.snapshot(), ended.problem()));
      });
    }

    @Override
    public Outcome lost() {
      return locked(() -> finish(new Outcome.Lost(false)));
    }
  }
}
