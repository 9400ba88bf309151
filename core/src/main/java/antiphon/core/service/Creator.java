package antiphon.core.service;

import antiphon.core.create.Conversations;
import antiphon.core.create.Conversations.Conversation;
import antiphon.core.create.CreateRules;
import antiphon.core.create.IdempotencyKey;
import antiphon.core.create.InputItems;
import antiphon.core.create.Template;
import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.Engines;
import antiphon.core.engine.Plan;
import antiphon.core.engine.Route;
import antiphon.core.engine.Turn;
import antiphon.core.health.Complaints;
import antiphon.core.log.Draft;
import antiphon.core.log.LiveLog;
import antiphon.core.log.LogKeeper;
import antiphon.core.log.NextEvent;
import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.run.Admission;
import antiphon.core.run.LiveResponses;
import antiphon.core.run.Run;
import antiphon.core.run.Runner;
import antiphon.core.run.RunnerSettings;
import antiphon.core.store.Keyed;
import antiphon.core.store.NewResponse;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.Signals;
import antiphon.core.store.StoreException;
import antiphon.protocol.event.EventWriter;
import antiphon.protocol.event.ResponseEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.AskedTier;
import antiphon.protocol.response.Response;
import antiphon.protocol.response.ServiceTier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes responses: checks the request, writes the row, and gets the run in line. */
public final class Creator {

  private static final Logger LOG = LoggerFactory.getLogger(Creator.class);

  private final RunnerSettings settings;
  private final ResponseStore store;
  private final Signals signals;
  private final LiveResponses live;
  private final Engines engines;
  private final Conversations conversations;
  private final Runner runner;
  private final Ids ids;

  public Creator(
      RunnerSettings settings,
      ResponseStore store,
      Signals signals,
      LiveResponses live,
      Engines engines,
      Conversations conversations,
      Runner runner) {
    this.settings = settings;
    this.store = store;
    this.signals = signals;
    this.live = live;
    this.engines = engines;
    this.conversations = conversations;
    this.runner = runner;
    this.ids = new Ids(store.clock());
  }

  /**
   * Makes a response, or finds the one that the key has made.
   *
   * @param key null for a new response in any case
   */
  Made create(Owner owner, CreateResponse request, @Nullable String key)
      throws InterruptedException {
    CreateRules.check(request);
    if (key == null) {
      return make(prepare(owner, request), null);
    }
    IdempotencyKey once = IdempotencyKey.of(key, request);
    // Before anything that may have changed meanwhile is looked at: models, other responses, load.
    Optional<Keyed> before = store.findKeyed(owner, key);
    return before.isPresent() ? existing(before.get(), once) : make(prepare(owner, request), once);
  }

  /** How many tokens the input of this request would have; nothing is made. */
  int countInputTokens(Owner owner, CreateResponse request) throws InterruptedException {
    CreateRules.check(request);
    Prepared made = prepare(owner, request);
    Route route = made.plan().first();
    Turn turn = new Turn(request, route.model(), made.conversation().items(), null);
    try {
      Optional<Integer> counted = route.engine().countInputTokens(turn);
      return counted.orElseGet(() -> made.conversation().estimatedTokens() + around(request));
    } catch (EngineException e) {
      throw new Rejected(e.problem());
    }
  }

  /** The types of the tools that a request is served without. */
  List<String> leftOut(CreateResponse request) {
    return settings.unavailable().leftOut(request, plan(request).first().engine());
  }

  /** About how many tokens go along beside the conversation. */
  private static int around(CreateResponse request) {
    int bytes = request.instructions() == null ? 0 : Json.bytes(request.instructions()).length;
    bytes += request.tools() == null ? 0 : Json.bytes(request.tools()).length;
    return bytes / Conversations.BYTES_PER_TOKEN;
  }

  private static Made existing(Keyed before, IdempotencyKey key) {
    key.requireSameRequest(before);
    return new Made.Existing(before.id());
  }

  private Made make(Prepared made, @Nullable IdempotencyKey key) throws InterruptedException {
    return Boolean.TRUE.equals(made.request().background())
        ? background(made, key)
        : foreground(made, key);
  }

  private Prepared prepare(Owner owner, CreateResponse request) {
    Plan plan = plan(request);
    List<String> leftOut = settings.unavailable().leftOut(request, plan.first().engine());
    ResponseId id = new ResponseId(owner, ids.response());
    List<Item> input = InputItems.of(id.value(), request.input());
    byte[] inputJson = Json.bytes(input);
    Conversation conversation =
        conversations.of(owner, request.previousResponseId(), input, inputJson.length);
    Turn turn = new Turn(request, plan.first().model(), conversation.items(), null);
    plan.first().refuses(turn).ifPresent(Creator::refuse);
    if (!leftOut.isEmpty()) {
      LOG.info("{}: tools that nobody here runs are left out: {}", id, leftOut);
    }
    Draft draft = draft(id, plan.first(), request);
    return new Prepared(id, request, plan, conversation, inputJson, draft);
  }

  private Draft draft(ResponseId id, Route route, CreateResponse request) {
    long now = store.clock().millis();
    Response template = Template.of(id.value(), now, route.name(), request, metadata(request));
    return new Draft(
        id,
        template.toBuilder()
            .resolvedModel(route.model())
            .resolvedProvider(route.engine().name())
            .build(),
        0);
  }

  private Made background(Prepared made, @Nullable IdempotencyKey key) {
    if (store.queued() >= settings.maxWaiting()) {
      throw new Rejected(
          new Problem.Overloaded(
              "The server is busy: " + settings.maxWaiting() + " responses are waiting already.",
              Duration.ofSeconds(5)));
    }
    Response response = made.draft().response();
    EventWriter writer = new EventWriter();
    List<byte[]> events =
        List.of(
            writer.bytes(new ResponseEvent.Created(0, response)),
            writer.bytes(new ResponseEvent.Queued(1, response)));
    Optional<Keyed> before = write(row(made, events), key);
    if (key != null && before.isPresent()) {
      return existing(before.get(), key);
    }
    signals.publish(new Signals.Signal.Queue());
    return new Made.Background(made.id(), writer.bytes(response));
  }

  /** Writes it and waits; what the key was used for before, if nothing was written. */
  private Optional<Keyed> write(NewResponse row, @Nullable IdempotencyKey key) {
    if (key != null) {
      try {
        return store.insertKeyed(row, key.value(), key.requestHash());
      } catch (StoreException e) {
        // It may be there all the same, and then nobody runs it.
        if (!row.background()) {
          live.drop(new RunKey(row.id(), 1), true);
        }
        throw e;
      }
    }
    join(store.insert(row));
    return Optional.empty();
  }

  private Made foreground(Prepared made, @Nullable IdempotencyKey key) throws InterruptedException {
    Admission.Ticket place =
        runner.enter(
            made.id().owner().tenant(), made.plan().first().engine().name(), tier(made.request()));
    boolean started = false;
    LiveLog log = new LiveLog(keeper(made), made.draft());
    CompletableFuture<Void> inserted = CompletableFuture.completedFuture(null);
    try {
      Response response = made.draft().response();
      for (NextEvent event : begin(response)) {
        log.append(event);
      }
      if (key != null) {
        Optional<Keyed> before = write(row(made, List.of()), key);
        if (before.isPresent()) {
          return existing(before.get(), key);
        }
        live.add(log);
      } else if (stored(made.request())) {
        // The run does not wait for it: what ends this response is written behind it.
        inserted = store.insert(row(made, List.of()));
        // Only now: a heartbeat that came before the insert would find its run lost.
        live.add(log);
      }
      Runnable rest = start(made, log, place);
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

  /** Starts the run; what is left to be done by who waits for its end: the run itself, maybe. */
  private Runnable start(Prepared made, LiveLog log, Admission.Ticket place) {
    if (delivery(made.request()) == Delivery.AT_ITS_END) {
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
    if (store.shared() && delivery(made.request()) == Delivery.STREAMED) {
      try {
        join(inserted);
      } catch (StoreException e) {
        log.lose();
        throw e;
      }
    } else {
      // Its end could not be written either: nobody is to wait for that.
      inserted.exceptionally(failure -> unwritten(log, failure));
    }
  }

  private static void join(CompletableFuture<Void> inserted) {
    try {
      inserted.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StoreException known
          ? known
          : new StoreException("the response could not be written", e);
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

  private LogKeeper keeper(Prepared made) {
    Delivery delivery = delivery(made.request());
    return stored(made.request())
        ? new LogKeeper.Stored(store, signals, new RunKey(made.id(), 1), delivery)
        : new LogKeeper.Unstored(made.id(), delivery, store.clock());
  }

  private NewResponse row(Prepared made, List<byte[]> events) {
    CreateResponse request = made.request();
    return new NewResponse(
        made.id(),
        delivery(request),
        store.clock().millis(),
        tier(request),
        made.plan().first().engine().name(),
        made.plan().name(),
        request.previousResponseId(),
        Json.bytes(request.withoutInput()),
        made.inputJson(),
        Json.bytes(metadata(request)),
        settings.node(),
        settings.lease(),
        events);
  }

  private static Delivery delivery(CreateResponse request) {
    if (Boolean.TRUE.equals(request.background())) {
      return stored(request) ? Delivery.BACKGROUND : Delivery.BRIEF;
    }
    return Boolean.TRUE.equals(request.stream()) ? Delivery.STREAMED : Delivery.AT_ITS_END;
  }

  private Plan plan(CreateResponse request) {
    List<String> fallbacks =
        request.fallbackModels() == null ? List.of() : request.fallbackModels();
    for (int i = 0; i < fallbacks.size(); i++) {
      if (engines.route(fallbacks.get(i)).isEmpty()) {
        throw unknownModel(fallbacks.get(i), "fallback_models[" + i + "]");
      }
    }
    return engines
        .plan(request.model(), fallbacks)
        .orElseThrow(() -> unknownModel(request.model(), "model"));
  }

  private static Rejected unknownModel(String model, String param) {
    return new Rejected(
        new Problem.Invalid("The model '" + model + "' does not exist.", param, "model_not_found"));
  }

  private static void refuse(Engine.Refusal refusal) {
    throw Rejected.invalid(refusal.param(), refusal.message());
  }

  private static boolean stored(CreateResponse request) {
    return !Boolean.FALSE.equals(request.store());
  }

  private static ServiceTier tier(CreateResponse request) {
    AskedTier asked = request.serviceTier();
    return asked == null ? ServiceTier.AUTO : asked.tier();
  }

  private static Map<String, String> metadata(CreateResponse request) {
    Map<String, String> metadata = request.metadata();
    return metadata == null ? Map.of() : metadata;
  }

  /** What was made. */
  sealed interface Made {

    /** It waits in the store. */
    record Background(ResponseId id, byte[] snapshot) implements Made {}

    /**
     * It runs on this node, or waits for its place.
     *
     * @param rest to be called, once, by who waits for its end
     */
    record Foreground(LiveLog log, Runnable rest) implements Made {}

    /** It was made before, with the same key and request. */
    record Existing(ResponseId id) implements Made {}
  }

  /** What may be made; nothing is written yet. */
  private record Prepared(
      ResponseId id,
      CreateResponse request,
      Plan plan,
      Conversation conversation,
      byte[] inputJson,
      Draft draft) {

    Run run(LiveLog log) {
      return new Run(log, request, plan, conversation.items(), conversation.estimatedTokens());
    }
  }
}
