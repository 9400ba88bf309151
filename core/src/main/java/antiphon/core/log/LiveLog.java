package antiphon.core.log;

import antiphon.core.api.EncodedEvent;
import antiphon.core.call.Entry;
import antiphon.core.response.Move;
import antiphon.core.store.Entries;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.event.ResponseEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.response.Response;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.Usage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.function.UnaryOperator;
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
public final class LiveLog extends GuardedDraft {

  private final LogKeeper keeper;
  private final Condition changed = lock.newCondition();

  /** Apart, so that who waits for the end alone is not woken by each event. */
  private final Condition over = lock.newCondition();

  private final LogEvents events;
  private final LogFeed feed;
  private final Beginning beginning = new Beginning();
  private Phase phase = Phase.OPEN;
  private @Nullable Thread runner;
  private @Nullable Outcome outcome;

  /**
   * @param keeper where the events go
   * @param draft the response so far; its next number is the first that this log gives
   */
  public LiveLog(LogKeeper keeper, Draft draft) {
    super(draft);
    this.keeper = keeper;
    this.events = new LogEvents(draft.nextSequence(), draft.calls().count(), keeper.followed());
    this.feed = new LogFeed(keeper, events, draft, this::appended);
  }

  /** The epoch that this log is written under. */
  public long epoch() {
    return keeper.epoch();
  }

  /** Whether events are durable before they are seen. */
  public boolean durable() {
    return keeper.durableFirst();
  }

  /** The number of the first event held here; older ones are in the store. */
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
    closeItem(outputIndex, UnaryOperator.identity());
  }

  /** The same, the item changed as it is done. */
  public void closeItem(int outputIndex, UnaryOperator<Item> done) throws InterruptedException {
    write(() ->
        draft
            .closing(outputIndex, ItemStatus.COMPLETED)
            .forEach(event -> add(seq -> changed(event.numbered(seq), done))));
  }

  private static StreamEvent changed(StreamEvent event, UnaryOperator<Item> done) {
    return event instanceof OutputItemEvent.Done(long number, int index, Item item)
        ? new OutputItemEvent.Done(number, index, done.apply(item))
        : event;
  }

  /** Adds events that belong together. */
  public void append(List<NextEvent> next) throws InterruptedException {
    if (!next.isEmpty()) {
      write(() -> next.forEach(this::add));
    }
  }

  /** Closes an item, and with that adds an entry of the inner log. */
  public void closeItem(int outputIndex, ItemStatus status, Entry entry)
      throws InterruptedException {
    write(() -> {
      note(entry);
      draft.closing(outputIndex, status).forEach(this::add);
    });
  }

  /** Adds events and, with them, an entry of the inner log: the store gets both or neither. */
  public void append(List<NextEvent> next, Entry entry) throws InterruptedException {
    write(() -> {
      note(entry);
      next.forEach(this::add);
    });
  }

  private void note(Entry entry) {
    draft.calls().apply(entry);
    if (keeper.kept()) {
      events.add(entry.json());
    }
  }

  /**
   * Closes as incomplete what a turn has left open that broke off before this run. Calls that are
   * to be run stay open.
   */
  public void abandonOpenItems() throws InterruptedException {
    write(() -> {
      if (draft.calls().inTurn()) {
        note(new Entry.TurnBroken());
      }
      draft.abandoning().forEach(this::add);
    });
  }

  /**
   * Waits until the store has what was added so far: to be called before a side effect. A response
   * that is not durable does not wait: nobody runs it again.
   *
   * @throws InterruptedException if the response has ended, or while waiting
   */
  public void flush() throws InterruptedException {
    if (!keeper.durableFirst()) {
      return;
    }
    lock.lockInterruptibly();
    try {
      while (phase == Phase.OPEN && !events.isStored()) {
        changed.await();
      }
      if (phase != Phase.OPEN) {
        throw new InterruptedException("the response has ended");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until an entry has woken a call, or the time is over; for who need not park. */
  public void awaitWake(String itemId, Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (phase == Phase.OPEN && nanos > 0 && draft.calls().isAsleep(itemId)) {
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
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

  /**
   * The response as it is now, as JSON; in a durable log after what it shows has become durable.
   *
   * @return null if the response ended elsewhere: ask the store
   */
  public byte @Nullable [] snapshot() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      byte[] json = draft.json();
      long shown = events.end();
      while (outcome == null && events.visible() < shown) {
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

  /** Whether an end is under way: the store may show it to others already. */
  public boolean ending() {
    return locked(() -> phase == Phase.SEALED);
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

  /** Whether an engine has taken the response on. */
  public Beginning beginning() {
    return beginning;
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
    lose(false);
  }

  /** The store cannot be reached any more: stops the run before another node may take it over. */
  public void cutOff() {
    lose(true);
  }

  private void lose(boolean silent) {
    exclusively(() -> {
      if (outcome == null && phase == Phase.OPEN) {
        finish(new Outcome.Lost(silent));
        interruptRunner();
      }
    });
  }

  /** How it ended on this node, if it has. */
  public @Nullable Outcome outcome() {
    return locked(() -> outcome);
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
      if (!keeper.kept() && events.forget(after + 1)) {
        changed.signalAll();
      }
      while (true) {
        if (!events.followed() && phase == Phase.OPEN) {
          events.follow(draft::encode);
          events.showAll();
        }
        if (after + 1 < events.base()) {
          return new LogRead.Older();
        }
        if (after + 1 < events.visible()) {
          List<EncodedEvent> read = events.visible(after + 1, limit);
          boolean all = after + 1 + read.size() == events.visible();
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
      exclusively(() -> finish(new Outcome.Lost(true)));
      throw e;
    }
  }

  /** For {@link Ender}: what an ending is made from, read after the log has been sealed. */
  Tail tail(Move move) {
    return locked(() -> {
      Draft.Ended ended = draft.ending(move, keeper.now(), events.followed());
      if (ended.untold()) {
        return new Tail(events.base(), List.of(), ended, events.unsentEntries());
      }
      events.follow(draft::encode);
      List<EncodedEvent> all = events.unsent();
      all.addAll(ended.events());
      return new Tail(events.firstUnsent(), all, ended, events.unsentEntries());
    });
  }

  /** For {@link Ender}: the ending holds. */
  Outcome won(Draft.Ended ended) {
    return locked(() -> {
      if (!ended.untold()) {
        events.end(ended.events(), keeper.kept());
      }
      return finish(new Outcome.Ended(ended.status(), ended.snapshot(), ended.problem()));
    });
  }

  /** For {@link Ender}: another ending holds, or none. */
  Outcome lost() {
    return locked(() -> finish(new Outcome.Lost(false)));
  }

  private Outcome finish(Outcome result) {
    outcome = result;
    phase = Phase.OVER;
    changed.signalAll();
    over.signalAll();
    beginning.over();
    return result;
  }

  /** Adds what there is to be added, if the log is open, and shows it. */
  private void write(Runnable additions) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      boolean running = runner == Thread.currentThread();
      while (phase == Phase.OPEN && feed.isFull(running)) {
        changed.await();
      }
      if (phase != Phase.OPEN) {
        throw new InterruptedException("the response has ended");
      }
      additions.run();
      feed.added(running);
      if (!keeper.durableFirst()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void add(NextEvent next) {
    StreamEvent event = next.numbered(draft.nextSequence());
    if (!events.followed() && feed.isTooMuchUntold()) {
      events.follow(draft::encode);
    }
    EncodedEvent encoded = events.followed() ? draft.encode(event) : null;
    draft.apply(event);
    // Last: an event that does not fit must not leave its number behind.
    if (encoded != null) {
      events.add(encoded);
    } else if (keeper.kept()) {
      events.addUntold(event);
    }
  }

  private void appended(LogFeed.Appended appended) {
    exclusively(() -> {
      boolean mine = feed.took(appended, phase == Phase.OPEN);
      if (!mine && phase == Phase.OPEN) {
        finish(new Outcome.Lost(appended.failure() != null));
        interruptRunner();
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
   * @param entries of the inner log that the store does not have yet
   */
  record Tail(long firstSequence, List<EncodedEvent> events, Draft.Ended ended, Entries entries) {}
}
