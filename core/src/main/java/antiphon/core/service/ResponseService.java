package antiphon.core.service;

import antiphon.core.api.Created;
import antiphon.core.api.EncodedEvent;
import antiphon.core.api.EventReader;
import antiphon.core.api.Responses;
import antiphon.core.create.IdempotencyKey;
import antiphon.core.health.Complaints;
import antiphon.core.log.LiveLog;
import antiphon.core.log.LogPages;
import antiphon.core.log.LogReconstruction;
import antiphon.core.log.LogTail;
import antiphon.core.log.StoredLog;
import antiphon.core.log.Wakeups;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.response.ToldProblem;
import antiphon.core.run.LiveResponses;
import antiphon.core.store.Keyed;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Signals;
import antiphon.core.store.StoreException;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.event.EventWriter;
import antiphon.protocol.event.ResponseEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CompactResponse;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Compacted;
import antiphon.protocol.response.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations on responses. */
public final class ResponseService implements Responses {

  private static final Logger LOG = LoggerFactory.getLogger(ResponseService.class);

  private final ResponseStore store;
  private final LogPages pages;
  private final LiveResponses live;
  private final Wakeups wakeups;
  private final Creator creator;
  private final Canceller canceller;
  private final Waker waker;
  private final Compactor compactor;

  public ResponseService(
      ResponseStore store,
      LiveResponses live,
      Wakeups wakeups,
      Creator creator,
      Canceller canceller,
      Signals signals,
      Compactor compactor) {
    this.store = store;
    this.pages = new LogPages(store);
    this.live = live;
    this.wakeups = wakeups;
    this.creator = creator;
    this.canceller = canceller;
    this.waker = new Waker(store, signals, live);
    this.compactor = compactor;
  }

  @Override
  public Created create(Owner owner, CreateResponse request, @Nullable String idempotencyKey)
      throws InterruptedException {
    return switch (creator.create(owner, request, idempotencyKey)) {
      case Made.Background(ResponseId id, byte[] snapshot) ->
          new Created.Queued(snapshot, tail(id, -1));
      case Made.Foreground(LiveLog log, Runnable rest) ->
          new ForegroundResponse(log, rest, store, told(log.id(), idempotencyKey));
      case Made.Existing(ResponseId id) -> again(id, idempotencyKey);
    };
  }

  @Override
  public List<String> leftOut(CreateResponse request) {
    return creator.leftOut(request);
  }

  @Override
  public int countInputTokens(Owner owner, CreateResponse request) throws InterruptedException {
    return creator.countInputTokens(owner, request);
  }

  @Override
  public Compacted compact(Owner owner, CompactResponse request) throws InterruptedException {
    return compactor.compact(owner, request, this::create);
  }

  /** A response that was made before, for one who makes it once more. */
  private Created again(ResponseId id, @Nullable String key) throws InterruptedException {
    StoredResponse made = store.find(id).orElseThrow(IdempotencyKey::deleted);
    return made.background()
        ? new Created.Queued(get(id), tail(id, -1))
        : new ResponseAgain(tail(id, -1), () -> find(id), () -> told(id.owner(), key));
  }

  /** Keeps what a call under a key is answered with, for those who make it again. */
  private Consumer<Problem> told(ResponseId id, @Nullable String key) {
    return problem -> {
      if (key != null) {
        try {
          store.keepProblem(id, key, Json.bytes(ToldProblem.of(problem)));
        } catch (StoreException e) {
          Complaints.warn(
              LOG, "problem", id + ": its problem could not be kept: " + e.getMessage());
        }
      }
    };
  }

  private Optional<Problem> told(Owner owner, @Nullable String key) {
    Keyed keyed = key == null ? null : store.findKeyed(owner, key).orElse(null);
    return keyed == null || keyed.problem() == null
        ? Optional.empty()
        : Optional.of(Json.readStored(keyed.problem(), ToldProblem.class).problem());
  }

  @Override
  public byte[] get(ResponseId id) throws InterruptedException {
    LiveLog log = live.believed(id);
    if (log == null) {
      return json(find(id));
    }
    if (store.shared() || log.ending()) {
      // It may have been ended, or taken over by another node, and memory not know it yet: once
      // that was answered to anybody, memory must not say otherwise.
      Optional<StoredResponse> stored = store.find(id);
      boolean here =
          stored.isEmpty()
              ? !log.durable() // It is being written.
              : !stored.get().status().isTerminal() && stored.get().epoch() == log.epoch();
      if (!here) {
        return json(stored.orElseThrow(() -> NotFound.response(id.value())));
      }
      stored.ifPresent(now -> learnMetadata(log, now));
    }
    byte[] snapshot = log.snapshot();
    return snapshot == null ? json(find(id)) : snapshot;
  }

  /** Another node may have changed it, which the run learns at its end alone. */
  private static void learnMetadata(LiveLog log, StoredResponse now) {
    if (now.metadataVersion() > log.metadataVersion()) {
      log.metadata(Metadata.read(now.metadata()), now.metadataVersion());
    }
  }

  @Override
  public EventReader events(ResponseId id, long startingAfter) {
    if (live.find(id) == null) {
      var _ = find(id);
    }
    return tail(id, startingAfter);
  }

  @Override
  public byte[] cancel(ResponseId id) throws InterruptedException {
    return canceller.cancel(id);
  }

  @Override
  public Instant wake(ResponseId id, String input) throws InterruptedException {
    return waker.wake(id, input);
  }

  @Override
  public byte[] update(ResponseId id, Map<String, String> metadata) throws InterruptedException {
    Metadata.check(metadata);
    boolean found = live.aside(id, () -> replace(id, metadata));
    if (!found) {
      throw NotFound.response(id.value());
    }
    return get(id);
  }

  private boolean replace(ResponseId id, Map<String, String> metadata) {
    Optional<StoredResponse> stored =
        store.updateMetadata(
            id, Json.bytes(metadata), snapshot -> Metadata.replace(snapshot, metadata));
    LiveLog log = live.find(id);
    if (stored.isPresent() && log != null) {
      log.metadata(metadata, stored.get().metadataVersion());
    }
    return stored.isPresent();
  }

  @Override
  public void delete(ResponseId id) throws InterruptedException {
    canceller.endIfRunning(id);
    if (!store.delete(id)) {
      throw NotFound.response(id.value());
    }
  }

  @Override
  public Page<byte[]> list(Owner owner, PageRequest page) {
    Page<StoredResponse> found =
        store.list(owner, page, Pages.MAX_BYTES).orElseThrow(() -> NotFound.cursor(page));
    // Of what runs, the output so far comes on top.
    Page<byte[]> shown = Pages.of(page, found.data(), this::json, json -> json.length);
    return new Page<>(shown.data(), shown.hasMore() || found.hasMore());
  }

  @Override
  public Page<Item> inputItems(ResponseId id, PageRequest page) {
    byte[] input = store.input(id).orElseThrow(() -> NotFound.response(id.value()));
    return InputPages.of(input, page);
  }

  private StoredResponse find(ResponseId id) {
    return store.find(id).orElseThrow(() -> NotFound.response(id.value()));
  }

  /** The snapshot, or the response as its log makes it so far. */
  private byte[] json(StoredResponse stored) {
    if (stored.snapshot() != null) {
      return stored.snapshot();
    }
    // As far as the row is known: what came since may have ended it.
    return StoredLog.fold(store, stored).json();
  }

  private EventReader tail(ResponseId id, long after) {
    return new LogTail(id, after, store, pages, live::find, wakeups, read -> terminal(id, read));
  }

  /** The last event of a log that is gone, with the number it had; null if that was read. */
  private @Nullable EncodedEvent terminal(ResponseId id, long after) {
    StoredResponse stored = find(id);
    byte @Nullable [] snapshot = stored.snapshot();
    if (snapshot == null) {
      throw new Rejected(new Problem.Internal("The events of this response are no longer there."));
    }
    // One that was never told would have been told from the snapshot.
    long next = stored.nextSequence();
    long number = (next == 0 ? LogReconstruction.of(snapshot).size() : next) - 1;
    if (number <= after) {
      return null;
    }
    Response response = Json.readStored(snapshot, Response.class);
    ResponseEvent event = ResponseEvent.terminal(number, response);
    return new EncodedEvent(event.type(), EventWriter.around(event, snapshot));
  }
}
