package antiphon.core.log;

import antiphon.core.api.EncodedEvent;
import antiphon.core.log.Draft.HalfMessage;
import antiphon.core.response.Move;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.protocol.event.ResponseEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.response.Response;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of a response that runs on this node.
 *
 * <p>One run writes, any number of readers follow. Events are numbered, folded into the {@link
 * Draft} and encoded once, under the lock. A {@linkplain LogKeeper#durableFirst durable} log shows
 * an event only after the store has it: while one append is under way the next ones gather, so a
 * slow disk makes larger appends, not more of them.
 *
 * <p>What nobody follows is not written down event by event: it is folded alone, and told from the
 * snapshot if somebody asks later ({@link Retelling}).
 *
 * <p>Whoever wants the response to end {@linkplain #end seals} the log first. From then on the run
 * cannot add anything, so the ending is made from exactly what came before; whether it holds is
 * decided by the store's guarded update alone.
 */
public final class LiveLog {

  /** How many events a durable log may be ahead of the store before its run has to wait. */
  private static final int MAX_AHEAD = 4096;

  private final LogKeeper keeper;
  private final Draft draft;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Apart, so that who waits for the end alone is not woken by each event. */
  private final Condition over = lock.newCondition();

  private final LogEvents events;
  private Phase phase = Phase.OPEN;
  private @Nullable Thread runner;
  private @Nullable Outcome outcome;

  /**
   * @param keeper where the events go
   * @param draft the response so far; its next number is the first that this log gives
   */
  public LiveLog(LogKeeper keeper, Draft draft) {
    this.keeper = keeper;
    this.draft = draft;
    this.events = new LogEvents(draft.nextSequence(), keeper.followed());
  }

  public ResponseId id() {
    return draft.id();
  }

  /** The epoch that this log is written under. */
  public long epoch() {
    return keeper.epoch();
  }

  /** Whether events are durable before they are seen. */
  public boolean durable() {
    return keeper.durableFirst();
  }

  /** The number of the first event held here. */
  public long base() {
    return events.base();
  }

  /**
   * Makes the calling thread the one that is interrupted when the response ends elsewhere.
   *
   * @return false if it has ended already: the run is not to begin
   */
  public boolean attach() {
    return locked(() -> {
      runner = Thread.currentThread();
      return phase == Phase.OPEN;
    });
  }

  /** The run is over: its thread is not to be interrupted any more. */
  public void detach() {
    exclusively(() -> runner = null);
  }

  /**
   * Adds an event.
   *
   * @throws InterruptedException if the response has ended, or while waiting for a slow store
   */
  public void append(NextEvent next) throws InterruptedException {
    write(() -> add(next));
  }

  /**
   * The same, with what the response has used up to this event: whoever ends or reads the response
   * finds both or neither.
   */
  public void append(NextEvent next, Usage used) throws InterruptedException {
    write(() -> {
      add(next);
      draft.used(used);
    });
  }

  /** Adds the events that close an item whose end has come. */
  public void closeItem(int outputIndex) throws InterruptedException {
    closeItem(outputIndex, ItemStatus.COMPLETED);
  }

  /** Closes as incomplete what a run before this one left open. */
  public void abandonOpenItems() throws InterruptedException {
    closeItem(null, ItemStatus.INCOMPLETE);
  }

  private void closeItem(@Nullable Integer outputIndex, ItemStatus status)
      throws InterruptedException {
    write(() -> draft.closing(outputIndex, status).forEach(this::add));
  }

  /** The run begins: tells readers, unless a run before this one has. */
  public void running() throws InterruptedException {
    write(() -> {
      if (draft.status() == ResponseStatus.QUEUED) {
        Response started = draft.response().toBuilder().status(ResponseStatus.IN_PROGRESS).build();
        add(seq -> new ResponseEvent.InProgress(seq, started));
      }
    });
  }

  /** The model, as its engine calls it, that serves the response. */
  public @Nullable String servingModel() {
    return locked(draft::servingModel);
  }

  /** The engine that serves the response. */
  public @Nullable String provider() {
    return locked(draft::provider);
  }

  /**
   * Another engine or model serves the response from now on. The log says so, so that every node
   * and every later run knows.
   */
  public void servedBy(String model, String provider) throws InterruptedException {
    write(() -> {
      if (!model.equals(draft.servingModel()) || !provider.equals(draft.provider())) {
        draft.servedBy(model, provider);
        Response now = draft.response();
        add(seq -> new ResponseEvent.InProgress(seq, now));
      }
    });
  }

  /** What the engine itself called the model at the end of a turn. */
  public void servedAs(String model) {
    exclusively(() -> draft.servedBy(model, draft.provider()));
  }

  /** The message that a run before this one left half-done, if its log ends inside one. */
  public @Nullable HalfMessage halfMessage() {
    return locked(draft::halfMessage);
  }

  /** The output items that are done. */
  public List<Item> finished() {
    return locked(draft::finished);
  }

  /** What the response has used so far. */
  public Usage usage() {
    return locked(draft::usage);
  }

  /** Where the next output item goes. */
  public int nextOutputIndex() {
    return locked(draft::nextOutputIndex);
  }

  /** Says what the response has used so far. */
  public void used(Usage usage) {
    exclusively(() -> draft.used(usage));
  }

  /**
   * The response as it is now, as JSON; in a durable log after what it shows has become durable.
   *
   * @return null if the response ended elsewhere: ask the store
   */
  public byte @Nullable [] snapshot() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      byte[] json = draft.json();
      int shown = events.size();
      // Once it is sealed the store may show its end to others already.
      while (outcome == null && (phase == Phase.SEALED || events.visible() < shown)) {
        changed.await();
      }
      return switch (outcome) {
        case null -> json;
        case Outcome.Ended ended -> ended.snapshot();
        case Outcome.Lost _ -> null;
      };
    } finally {
      lock.unlock();
    }
  }

  /**
   * Replaces the metadata in what this log makes of the response.
   *
   * @param version of the metadata in the store; what is older than what is known already changes
   *     nothing
   */
  public void metadata(Map<String, String> metadata, long version) {
    exclusively(() -> draft.metadata(metadata, version));
  }

  /** The version of the metadata that this log knows. */
  public long metadataVersion() {
    return locked(draft::metadataVersion);
  }

  /**
   * Ends the response, or learns how it ended. The first caller seals the log, interrupts the run
   * and brings the ending to the store; later ones wait for what came of it.
   *
   * <p>Not interruptible: a half-way end would leave a sealed log that nobody can open again.
   */
  public Outcome end(Move move) {
    lock.lock();
    try {
      settled();
      if (outcome != null) {
        return outcome;
      }
      phase = Phase.SEALED;
      interruptRunner();
    } finally {
      lock.unlock();
    }
    return settle(move);
  }

  /** Waits for an end that is under way, if one is: until then the store does not tell all. */
  public void awaitSettled() {
    exclusively(this::settled);
  }

  private void settled() {
    while (phase == Phase.SEALED) {
      changed.awaitUninterruptibly();
    }
  }

  /** How it ended, waiting for it. */
  public Outcome awaitEnd() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (outcome == null) {
        over.await();
      }
      return outcome;
    } finally {
      lock.unlock();
    }
  }

  /** Somebody else ended the response or took it over: stops the run; readers go to the store. */
  public void lose() {
    exclusively(() -> {
      if (outcome == null && phase == Phase.OPEN) {
        finish(new Outcome.Lost());
        interruptRunner();
      }
    });
  }

  /**
   * Reads on.
   *
   * @param after the last number the reader has; at least {@link #base} - 1, and beyond the end if
   *     it likes: then it waits for what comes after that
   * @param patience how long to wait for more
   */
  public LogRead read(long after, int limit, Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      long from = after - events.base() + 1;
      while (true) {
        if (!events.followed() && phase == Phase.OPEN) {
          events.follow(draft::encode);
          events.showAll();
        }
        if (from < events.visible()) {
          List<EncodedEvent> read = events.visible((int) from, limit);
          boolean all = from + read.size() == events.visible();
          return new LogRead.Events(read, all && outcome instanceof Outcome.Ended);
        }
        if (outcome != null) {
          return outcome instanceof Outcome.Ended && events.followed()
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

  private Outcome settle(Move move) {
    try {
      return new Ender(keeper, this).end(move);
    } catch (RuntimeException | Error e) {
      // The store did not answer. Nothing was decided; the lease will run out and recovery decides.
      lost();
      throw e;
    }
  }

  /** For {@link Ender}: what an ending is made from, read after the log has been sealed. */
  Tail tail(Move move) {
    return locked(() -> {
      Draft.Ended ended = draft.ending(move, keeper.now(), events.followed());
      if (ended.untold()) {
        return new Tail(events.base(), List.of(), ended);
      }
      events.follow(draft::encode);
      boolean whole = !keeper.durableFirst();
      List<EncodedEvent> all = events.unsent(whole);
      all.addAll(ended.events());
      return new Tail(whole ? events.base() : events.firstUnsent(), all, ended);
    });
  }

  /** For {@link Ender}: the ending holds. */
  Outcome won(Draft.Ended ended) {
    return locked(() -> {
      if (!ended.untold()) {
        events.end(ended.events());
      }
      return finish(new Outcome.Ended(ended.status(), ended.snapshot(), ended.problem()));
    });
  }

  /** For {@link Ender}: another ending holds, or none. */
  Outcome lost() {
    return locked(() -> finish(new Outcome.Lost()));
  }

  private Outcome finish(Outcome result) {
    outcome = result;
    phase = Phase.OVER;
    changed.signalAll();
    over.signalAll();
    return result;
  }

  /** Adds what there is to be added, if the log is open, and shows it. */
  private void write(Runnable additions) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (phase == Phase.OPEN && keeper.durableFirst() && events.hidden() >= MAX_AHEAD) {
        changed.await();
      }
      if (phase != Phase.OPEN) {
        throw new InterruptedException("the response has ended");
      }
      additions.run();
      publish();
    } finally {
      lock.unlock();
    }
  }

  private <T extends @Nullable Object> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private void exclusively(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  private void add(NextEvent next) {
    StreamEvent event = next.numbered(draft.nextSequence());
    EncodedEvent encoded = events.followed() ? draft.encode(event) : null;
    draft.apply(event);
    // Last: an event that does not fit must not leave its number behind.
    if (encoded == null) {
      events.addUntold(event);
    } else {
      events.add(encoded);
    }
  }

  private void publish() {
    if (keeper.durableFirst()) {
      submit();
    } else {
      events.showAll();
      changed.signalAll();
    }
  }

  private void submit() {
    LogEvents.Batch batch = phase == Phase.OPEN ? events.next() : null;
    if (batch != null) {
      var _ =
          keeper
              .append(new Append(keeper.run(), batch.first(), batch.events(), draft.usage()))
              .whenComplete((done, failure) -> appended(batch, done, failure));
    }
  }

  private void appended(
      LogEvents.Batch batch, @Nullable AppendOutcome done, @Nullable Throwable failure) {
    exclusively(() -> {
      if (failure == null && done == AppendOutcome.DONE) {
        events.stored(batch);
        submit();
      } else {
        events.notStored();
        if (phase == Phase.OPEN) {
          finish(new Outcome.Lost());
          interruptRunner();
        }
      }
      changed.signalAll();
    });
  }

  private void interruptRunner() {
    if (runner != null && runner != Thread.currentThread()) {
      runner.interrupt();
    }
  }

  private enum Phase {
    OPEN,
    SEALED,
    OVER
  }

  /**
   * What {@link Ender} brings to the store.
   *
   * @param firstSequence the number of the first of {@code events}
   * @param events what the store does not have yet, the ending included; none if the log stays
   *     untold
   * @param ended the ending
   */
  record Tail(long firstSequence, List<EncodedEvent> events, Draft.Ended ended) {}
}
