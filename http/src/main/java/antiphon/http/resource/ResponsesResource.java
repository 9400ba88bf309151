package antiphon.http.resource;

import antiphon.core.api.Created;
import antiphon.core.api.Keys;
import antiphon.core.api.Responses;
import antiphon.core.create.IdempotencyKey;
import antiphon.core.engine.AdditionalTools;
import antiphon.core.key.Scope;
import antiphon.core.response.Owner;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.http.error.Refusal;
import antiphon.http.route.Call;
import antiphon.http.wire.Exchange;
import antiphon.protocol.request.CompactResponse;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.request.UpdateResponse;
import antiphon.protocol.request.WakeRequest;
import antiphon.protocol.response.Compacted;
import antiphon.protocol.response.Deleted;
import antiphon.protocol.response.InputTokens;
import antiphon.protocol.response.SleepWake;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /responses} and all below it. */
public final class ResponsesResource {

  private static final Set<String> INCLUDES =
      Arrays.stream(CreateResponse.Include.values())
          .map(CreateResponse.Include::wire)
          .collect(Collectors.toUnmodifiableSet());

  /** A message on the WebSocket may say with it that no model is to speak. */
  private static final String GENERATE = "generate";

  private static final Scope WRITE = new Scope(Scope.Resource.RESPONSES, Scope.Access.WRITE);

  /** Names the tools that the request has and its response was made without. */
  private static final String LEFT_OUT = "x-antiphon-left-out";

  private final Responses responses;
  private final JsonBody bodies;
  private final EventStream stream;
  private final ResponseSockets sockets;

  /**
   * @param bodies reads requests' bodies
   * @param heartbeat the longest silence of a stream
   */
  public ResponsesResource(Responses responses, JsonBody bodies, Duration heartbeat) {
    this.responses = responses;
    this.bodies = bodies;
    this.stream = new EventStream(heartbeat);
    this.sockets = new ResponseSockets(responses);
  }

  /** The server stops: ends the streams that can be gone on with elsewhere. */
  public void stop() {
    stream.stop();
    sockets.stop();
  }

  /** POST: creates, and waits, streams or leaves it to the background. */
  public void create(Call call, Owner owner) throws InterruptedException {
    CreateResponse request = bodies.read(call.exchange(), CreateResponse.class);
    call.key().principal().rights().check(request);
    if (request.extra().containsKey(GENERATE)) {
      throw Refusal.badRequest(
          GENERATE, "Unknown parameter: 'generate'. It is one of the WebSocket's messages alone.");
    }
    boolean streamed = Boolean.TRUE.equals(request.stream());
    boolean padded = Obfuscation.asked(request);
    Created created = responses.create(owner, request, idempotencyKey(call.exchange()));
    boolean tools = request.tools() != null || !AdditionalTools.in(request).isEmpty();
    List<String> leftOut = tools ? responses.leftOut(request) : List.of();
    if (!leftOut.isEmpty()) {
      call.exchange().setHeader(LEFT_OUT, String.join(", ", leftOut));
    }
    switch (created) {
      case Created.Queued queued -> {
        if (streamed) {
          stream.serveLog(call, Obfuscation.of(queued.events(), padded), -1);
        } else {
          queued.events().close();
          Replies.json(call.exchange(), queued.snapshot());
        }
      }
      case Created.Running running -> {
        if (streamed) {
          stream.serve(call, running, padded);
        } else {
          answer(call, running);
        }
      }
    }
  }

  private static @Nullable String idempotencyKey(Exchange exchange) {
    List<String> values = exchange.headers(IdempotencyKey.HEADER);
    if (values.size() > 1) {
      throw Refusal.badRequest(
          IdempotencyKey.HEADER, "Invalid '" + IdempotencyKey.HEADER + "': must be given once.");
    }
    return values.isEmpty() ? null : values.getFirst().strip();
  }

  /** POST to {@code input_tokens}: the same body as a create; how it is delivered says nothing. */
  public void inputTokens(Call call, Owner owner) throws InterruptedException {
    CreateResponse request = bodies.read(call.exchange(), CreateResponse.class);
    int tokens = responses.countInputTokens(owner, request);
    Replies.json(call.exchange(), new InputTokens(tokens));
  }

  /** POST to {@code compact}: waits for the summary, which stops when its caller leaves. */
  public void compact(Call call, Owner owner) throws InterruptedException {
    CompactResponse request = bodies.read(call.exchange(), CompactResponse.class);
    Thread me = Thread.currentThread();
    Compacted compacted;
    call.exchange().onGone(me::interrupt);
    try (Keys.Watch _ = call.key().watch(me::interrupt)) {
      compacted = responses.compact(owner, request);
    } finally {
      call.exchange().onGone(() -> {});
    }
    Replies.json(call.exchange(), compacted);
  }

  /** Waits for the end of a response that stops when its caller leaves, or loses its key. */
  private static void answer(Call call, Created.Running running) throws InterruptedException {
    Exchange exchange = call.exchange();
    exchange.onGone(running::clientGone);
    AtomicBoolean revoked = new AtomicBoolean();
    Created.Finished finished;
    try (Keys.Watch _ =
        call.key()
            .watch(() -> {
              revoked.set(true);
              running.clientGone();
            })) {
      finished = running.await();
    } finally {
      exchange.onGone(() -> {});
    }
    if (revoked.get()) {
      throw Refusal.unauthorized("The API key of this call has been revoked.");
    }
    if (finished.problem() != null) {
      throw new Rejected(finished.problem());
    }
    Replies.json(exchange, finished.snapshot());
  }

  /** GET: the owner's responses, or a WebSocket for who asks for that. */
  public void list(Call call, Owner owner) throws InterruptedException {
    String upgrade = call.exchange().header(HttpHeaders.UPGRADE);
    if (upgrade != null && upgrade.strip().equalsIgnoreCase("websocket")) {
      call.key().require(WRITE);
      sockets.serve(call);
      return;
    }
    Replies.json(call.exchange(), Lists.objects(responses.list(owner, Lists.page(call.query()))));
  }

  /** GET of one: its snapshot, or its events from a number on. */
  public void get(Call call, Owner owner) throws InterruptedException {
    ResponseId id = id(call, owner);
    includes(call);
    boolean streamed = call.query().flag("stream", false);
    boolean padded = call.query().flag("include_obfuscation", false);
    long after = call.query().number("starting_after", -1, -1, Long.MAX_VALUE);
    if (streamed && !call.exchange().method().equals("HEAD")) {
      stream.serveLog(call, Obfuscation.of(responses.events(id, after), padded), after);
    } else {
      Replies.json(call.exchange(), responses.get(id));
    }
  }

  /** POST to one: replaces its metadata. */
  public void update(Call call, Owner owner) throws InterruptedException {
    ResponseId id = id(call, owner);
    UpdateResponse request = bodies.read(call.exchange(), UpdateResponse.class);
    Replies.json(call.exchange(), responses.update(id, request.metadata()));
  }

  /** DELETE. */
  public void delete(Call call, Owner owner) throws InterruptedException {
    ResponseId id = id(call, owner);
    responses.delete(id);
    Replies.json(call.exchange(), new Deleted(id.value(), true));
  }

  /** POST to {@code cancel}; a body, if any, says nothing. */
  public void cancel(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), responses.cancel(id(call, owner)));
  }

  /** POST to {@code wake}. */
  public void wake(Call call, Owner owner) throws InterruptedException {
    ResponseId id = id(call, owner);
    WakeRequest request = bodies.read(call.exchange(), WakeRequest.class);
    Instant woken = responses.wake(id, request.input());
    Replies.json(call.exchange(), new SleepWake(id.value(), woken.toString()));
  }

  /** GET of {@code input_items}. */
  public void inputItems(Call call, Owner owner) throws InterruptedException {
    ResponseId id = id(call, owner);
    includes(call);
    Replies.json(call.exchange(), Lists.items(responses.inputItems(id, Lists.page(call.query()))));
  }

  /** Makes sure that what is to be included is known. */
  static void includes(Call call) {
    var _ = call.query().list("include", INCLUDES);
  }

  private static ResponseId id(Call call, Owner owner) {
    String value = call.variable();
    if (!ResponseId.PATTERN.matcher(value).matches()) {
      throw Refusal.badRequest(
          "response_id", "Invalid 'response_id': must match " + ResponseId.PATTERN.pattern() + ".");
    }
    return new ResponseId(owner, value);
  }
}
