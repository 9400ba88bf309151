package antiphon.core.log;

import antiphon.core.api.EncodedEvent;
import antiphon.core.call.Entry;
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
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * The writing side of a live log: events are numbered, folded into the {@link ResponseState},
 * encoded once and brought to the store; entries of the inner log go with them.
 */
abstract class LogWriter extends LogControl {

  final LogSink sink;
  final LogEvents events;
  private final LogFeed feed;

  LogWriter(LogSink sink, ResponseState state) {
    super(state);
    this.sink = sink;
    this.events = new LogEvents(state.nextSequence(), state.calls().count(), sink.followed());
    this.feed = new LogFeed(sink, events, state, this::appended);
  }

  /** The epoch that this log is written under. */
  public long epoch() {
    return sink.epoch();
  }

  /** Whether events are durable before they are seen. */
  public boolean durable() {
    return sink.durableFirst();
  }

  /** The number of the first event held here; older ones are in the store. */
  public long base() {
    return events.base();
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
      state.used(used);
    });
  }

  /** Adds the events that close an item whose end has come. */
  public void closeItem(int outputIndex) throws InterruptedException {
    closeItem(outputIndex, UnaryOperator.identity());
  }

  /** The same, the item changed as it is done. */
  public void closeItem(int outputIndex, UnaryOperator<Item> done) throws InterruptedException {
    write(() -> close(outputIndex, done));
  }

  /**
   * The same for the last item of a response that is about to end: it becomes durable with the end,
   * or not at all. Else a crash between the two would leave an item that stands, and a turn that is
   * made again.
   */
  public void closeLast(int outputIndex, UnaryOperator<Item> done) throws InterruptedException {
    write(() -> {
      feed.hold();
      close(outputIndex, done);
    });
  }

  private void close(int outputIndex, UnaryOperator<Item> done) {
    state
        .closing(outputIndex, ItemStatus.COMPLETED)
        .forEach(event -> add(seq -> changed(event.numbered(seq), done)));
  }

  private static StreamEvent changed(StreamEvent event, UnaryOperator<Item> done) {
    return event instanceof OutputItemEvent.Done(long number, int index, Item item)
        ? new OutputItemEvent.Done(number, index, done.apply(item))
        : event;
  }

  /** Adds events, maybe none, with what the response has used up to these. */
  public void append(List<NextEvent> next, Usage used) throws InterruptedException {
    write(() -> {
      next.forEach(this::add);
      state.used(used);
    });
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
      state.closing(outputIndex, status).forEach(this::add);
    });
  }

  /** Adds events and, with them, an entry of the inner log: the store gets both or neither. */
  public void append(List<NextEvent> next, Entry entry) throws InterruptedException {
    write(() -> {
      note(entry);
      next.forEach(this::add);
    });
  }

  /** The same, the events made from the place that the next item of the output gets. */
  public void append(IntFunction<List<NextEvent>> next, Entry entry) throws InterruptedException {
    write(() -> {
      note(entry);
      next.apply(state.nextOutputIndex()).forEach(this::add);
    });
  }

  private void note(Entry entry) {
    state.calls().apply(entry);
    if (sink.kept()) {
      events.add(entry.json());
    }
  }

  /**
   * Closes as incomplete what a turn has left open that broke off before this run. Calls that are
   * to be run stay open.
   */
  public void abandonOpenItems() throws InterruptedException {
    write(() -> {
      if (state.calls().inTurn()) {
        note(new Entry.TurnBroken());
      }
      state.abandoning().forEach(this::add);
    });
  }

  /**
   * Waits until the store has what was added so far: to be called before a side effect. A response
   * that is not durable does not wait: nobody runs it again.
   *
   * @throws InterruptedException if the response has ended, or while waiting
   */
  public void flush() throws InterruptedException {
    if (!sink.durableFirst()) {
      return;
    }
    lock.lockInterruptibly();
    try {
      while (isOpen() && !events.isStored()) {
        changed.await();
      }
      if (!isOpen()) {
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
      while (isOpen() && nanos > 0 && state.calls().isAsleep(itemId)) {
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Wakes calls that wait in a run that has not parked, and hear.
   *
   * @return whether there were any
   */
  public boolean wake(String message) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!isOpen() || !state.calls().hears()) {
        return false;
      }
      note(new Entry.Woken(null, message));
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The run begins: tells readers, unless a run before this one has. */
  public void running() throws InterruptedException {
    write(() -> {
      if (state.status() == ResponseStatus.QUEUED) {
        Response started = state.response().toBuilder().status(ResponseStatus.IN_PROGRESS).build();
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
      if (!model.equals(state.servingModel()) || !provider.equals(state.provider())) {
        state.servedBy(model, provider);
        Response now = state.response();
        add(seq -> new ResponseEvent.InProgress(seq, now));
      }
    });
  }

  /** Adds what there is to be added, if the log is open, and shows it. */
  private void write(Runnable additions) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      boolean running = isRunner();
      while (isOpen() && feed.isFull(running)) {
        changed.await();
      }
      if (!isOpen()) {
        throw new InterruptedException("the response has ended");
      }
      additions.run();
      feed.added(running);
      if (!sink.durableFirst()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void add(NextEvent next) {
    StreamEvent event = next.numbered(state.nextSequence());
    if (!events.followed() && feed.isTooMuchUnwritten()) {
      events.follow(state::encode);
    }
    EncodedEvent encoded = events.followed() ? state.encode(event) : null;
    state.apply(event);
    // Last: an event that does not fit must not leave its number behind.
    if (encoded != null) {
      events.add(encoded);
    } else if (sink.kept()) {
      events.addUnwritten(event);
    }
  }

  private void appended(LogFeed.Appended appended) {
    exclusively(() -> {
      boolean mine = feed.took(appended, isOpen());
      if (!mine && isOpen()) {
        finish(new Outcome.Lost(appended.failure() != null));
        interruptRunner();
      }
      changed.signalAll();
    });
  }
}
