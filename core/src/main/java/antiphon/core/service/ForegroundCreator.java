package antiphon.core.service;

import antiphon.core.create.IdempotencyKey;
import antiphon.core.health.Complaints;
import antiphon.core.log.LiveLog;
import antiphon.core.log.LogSink;
import antiphon.core.log.NextEvent;
import antiphon.core.queue.Admission;
import antiphon.core.response.Transition;
import antiphon.core.run.LiveResponses;
import antiphon.core.run.Runner;
import antiphon.core.run.RunnerSettings;
import antiphon.core.store.NewResponse;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.Signals;
import antiphon.core.store.StoreException;
import antiphon.protocol.event.ResponseEvent;
import antiphon.protocol.response.Response;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes foreground responses: they run on this node, or wait for their place here. */
final class ForegroundCreator {

  private static final Logger LOG = LoggerFactory.getLogger(ForegroundCreator.class);

  private final RunnerSettings settings;
  private final ResponseStore store;
  private final Signals signals;
  private final LiveResponses live;
  private final NewRows rows;
  private final Runner runner;
  private final ConversationTurns turns;

  ForegroundCreator(
      RunnerSettings settings,
      ResponseStore store,
      Signals signals,
      LiveResponses live,
      NewRows rows,
      Runner runner,
      ConversationTurns turns) {
    this.settings = settings;
    this.store = store;
    this.signals = signals;
    this.live = live;
    this.rows = rows;
    this.runner = runner;
    this.turns = turns;
  }

  /**
   * Starts it, or gets it in line.
   *
   * @param made looks at the request; again if its conversation has changed meanwhile
   * @param key null for a new response in any case
   */
  Made create(Preparing made, @Nullable IdempotencyKey key) throws InterruptedException {
    Prepared first = made.prepare();
    AtomicReference<@Nullable Prepared> ready = new AtomicReference<>(first);
    try {
      return first.into() == null
          ? begin(first, key)
          : turns.take(
              first.into(),
              () -> {
                Prepared now = ready.getAndSet(null);
                return begin(now == null ? made.prepare() : now, key);
              });
    } catch (NewRows.NotItsTurn e) {
      throw new IllegalStateException(e);
    }
  }

  /** Looks at a request. */
  @FunctionalInterface
  interface Preparing {
    Prepared prepare() throws InterruptedException;
  }

  private Made begin(Prepared made, @Nullable IdempotencyKey key)
      throws InterruptedException, NewRows.NotItsTurn {
    Admission.Ticket place =
        runner.enter(made.id().owner().tenant(), made.plan().first().engine().name(), made.tier());
    boolean started = false;
    LiveLog log = new LiveLog(keeper(made), made.state());
    CompletableFuture<Void> inserted = CompletableFuture.completedFuture(null);
    try {
      Response response = made.state().response();
      for (NextEvent event : begin(response)) {
        log.append(event);
      }
      if (key != null || made.into() != null) {
        Optional<Made> before = writeNow(made, key);
        if (before.isPresent()) {
          return before.get();
        }
        live.add(log);
      } else if (made.stored()) {
        // The run does not wait for it: what ends this response is written behind it.
        inserted = rows.write(row(made));
        // Only now: a heartbeat that came before the insert would find its run lost.
        live.add(log);
      }
      Runnable rest = made.generates() ? start(made, log, place) : complete(log, place);
      started = true;
      awaitKnown(made, log, inserted);
      return new Made.Foreground(log, rest);
    } finally {
      if (!started) {
        live.forget(log);
        place.close();
      }
    }
  }

  private Optional<Made> writeNow(Prepared made, @Nullable IdempotencyKey key)
      throws NewRows.NotItsTurn {
    if (made.into() != null) {
      return rows.write(row(made), made.into(), made.conversation().version(), key);
    }
    return key == null ? Optional.empty() : rows.write(row(made), key);
  }

  /** Nothing is to be generated: it is there for what follows it. */
  private Runnable complete(LiveLog log, Admission.Ticket place) {
    try (place) {
      log.end(new Transition.Complete());
    } finally {
      live.forget(log);
    }
    return () -> {};
  }

  /** Starts the run; what is left to be done by who waits for its end: the run itself, maybe. */
  private Runnable start(Prepared made, LiveLog log, Admission.Ticket place) {
    if (made.delivery() == Delivery.AT_ITS_END) {
      return runner.prepare(made.run(log), place);
    }
    runner.start(made.run(log), place);
    return () -> {};
  }

  /**
   * Who streams a response knows its id from the first event on, and may ask any node for it. This
   * node can always answer; another only when the row is there.
   */
  private void awaitKnown(Prepared made, LiveLog log, CompletableFuture<Void> inserted) {
    if (store.shared() && made.delivery() == Delivery.STREAMED) {
      try {
        NewRows.join(inserted);
      } catch (StoreException e) {
        log.lose();
        throw e;
      }
    } else {
      // Its end could not be written either: nobody is to wait for that.
      inserted.exceptionally(failure -> unwritten(log, failure));
    }
  }

  private static @Nullable Void unwritten(LiveLog log, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    Complaints.warn(
        LOG,
        "insert",
        log.id() + " could not be written: " + Objects.requireNonNull(cause).getMessage());
    log.lose();
    return null;
  }

  private static List<NextEvent> begin(Response response) {
    return List.of(
        seq -> new ResponseEvent.Created(seq, response),
        seq -> new ResponseEvent.InProgress(seq, response));
  }

  private LogSink keeper(Prepared made) {
    Delivery delivery = made.delivery();
    return made.stored()
        ? new LogSink.Stored(store, signals, new RunKey(made.id(), 1), delivery)
        : new LogSink.Unstored(made.id(), delivery, store.clock());
  }

  private NewResponse row(Prepared made) {
    return made.row(settings, store.clock().millis(), List.of());
  }
}
