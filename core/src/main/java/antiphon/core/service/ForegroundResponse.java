package antiphon.core.service;

import antiphon.core.api.Created;
import antiphon.core.api.EncodedEvent;
import antiphon.core.api.EventReader;
import antiphon.core.health.Complaints;
import antiphon.core.log.LiveLog;
import antiphon.core.log.LogRead;
import antiphon.core.log.Outcome;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.Transition;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.StoreException;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.event.ResponseEvent;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A foreground response in the hands of the call that made it. */
final class ForegroundResponse implements Created.Running {

  private static final Logger LOG = LoggerFactory.getLogger(ForegroundResponse.class);
  private static final int BATCH = 256;

  private static final Problem.Unavailable OUT_OF_TOUCH =
      new Problem.Unavailable(
          "The server lost touch with its database and has stopped this response; how it ended is"
              + " not known yet.",
          Duration.ofSeconds(1));

  private final LiveLog log;
  private final Runnable rest;
  private final ResponseStore store;
  private final Consumer<Problem> told;
  private final AtomicBoolean gone = new AtomicBoolean();

  /**
   * @param rest what is left to be done by who waits for the end
   * @param told takes the problem that the call is answered with instead of the response
   */
  ForegroundResponse(LiveLog log, Runnable rest, ResponseStore store, Consumer<Problem> told) {
    this.told = told;
    this.log = log;
    this.rest = rest;
    this.store = store;
  }

  @Override
  public Created.Finished await() throws InterruptedException {
    rest.run();
    return switch (log.awaitEnd()) {
      case Outcome.Ended(_, byte[] snapshot, Problem problem) -> {
        tell(problem);
        yield new Created.Finished(snapshot, problem);
      }
      case Outcome.Lost(boolean silent) when silent -> throw new Rejected(OUT_OF_TOUCH);
      case Outcome.Lost _ -> new Created.Finished(stored(), null);
    };
  }

  @Override
  public void steer() {
    log.steer();
  }

  @Override
  public void clientGone() {
    if (gone.compareAndSet(false, true)) {
      // The end waits for the store; whoever noticed that the client left has no time for that.
      Thread.ofVirtual().name("gone-", 0).start(this::cancel);
    }
  }

  private void cancel() {
    try {
      log.end(new Transition.Cancel());
    } catch (StoreException e) {
      Complaints.warn(
          LOG, "gone", log.id() + ", whose client has left, could not be ended: " + e.getMessage());
    }
  }

  /** Somebody else ended it, on another node perhaps: what the store says holds. */
  private byte[] stored() {
    StoredResponse response = store.find(log.id()).orElse(null);
    if (response == null || response.snapshot() == null) {
      throw new Rejected(
          new Problem.Unavailable(
              "The server could not write this response to its store.", Duration.ofSeconds(1)));
    }
    return response.snapshot();
  }

  @Override
  public @Nullable Problem refused(Duration patience) throws InterruptedException {
    if (!log.beginning().awaitOverBefore(patience)
        || !(log.awaitEnd() instanceof Outcome.Ended ended)) {
      return null;
    }
    tell(ended.problem());
    return ended.problem();
  }

  private void tell(@Nullable Problem problem) {
    if (problem != null) {
      told.accept(problem);
    }
  }

  @Override
  public EventReader events() {
    return new Reader();
  }

  private final class Reader implements EventReader {
    private long after = -1;
    private boolean ended;

    @Override
    public @Nullable List<EncodedEvent> next(Duration patience) throws InterruptedException {
      if (ended) {
        return null;
      }
      return switch (log.read(after, BATCH, patience)) {
        case LogRead.Events(List<EncodedEvent> events, boolean last) -> {
          after += events.size();
          ended = last;
          yield events.isEmpty() && last ? null : events;
        }
        case LogRead.Older _ -> older();
        case LogRead.Elsewhere _ -> {
          ended = true;
          if (log.outcome() instanceof Outcome.Lost(boolean silent) && silent) {
            throw new Rejected(OUT_OF_TOUCH);
          }
          Response response = Json.readStored(stored(), Response.class);
          ResponseEvent event = ResponseEvent.terminal(after + 1, response);
          yield List.of(new EncodedEvent(event.type(), Json.bytes(event)));
        }
      };
    }

    /** What the reader, who is slow, finds only in the store; nothing once it was deleted. */
    private @Nullable List<EncodedEvent> older() {
      List<byte[]> events = store.readLog(log.id(), after, BATCH).events();
      after += events.size();
      ended = events.isEmpty();
      return ended ? null : events.stream().map(EncodedEvent::of).toList();
    }

    @Override
    public void close() {
      ended = true;
    }
  }
}
