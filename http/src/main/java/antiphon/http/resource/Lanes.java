package antiphon.http.resource;

import antiphon.core.api.Created;
import antiphon.core.api.EncodedEvent;
import antiphon.core.api.EventReader;
import antiphon.core.api.Responses;
import antiphon.core.key.Principal;
import antiphon.core.response.Ids;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.trace.TraceParent;
import antiphon.core.trace.TraceScope;
import antiphon.http.error.ErrorReply;
import antiphon.http.error.Problems;
import antiphon.http.error.Refusal;
import antiphon.http.wire.ClientGone;
import antiphon.http.wire.Socket;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What runs for one WebSocket. Each {@code stream_id} has a lane of its own, and so have messages
 * without one; in a lane one response runs after the other.
 */
final class Lanes {

  private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
  private static final int MOST_LANES = 16;
  private static final int MOST_WAITING = 8;

  /** So much may be said to one response while it runs. */
  private static final int MOST_STEERS = 8;

  /** To so many responses things were said that wait for the client's next request. */
  private static final int MOST_PENDING = 16;

  private static final int LONGEST_ID = 128;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final String PREVIOUS = "previous_response_id";

  private final Responses responses;
  private final Principal who;
  private final Socket socket;
  private final SteerEvents steering;
  private final Ids ids = new Ids(InstantSource.system());
  private final Map<String, Lane> lanes = new HashMap<>();

  /** What waits for a client's next request, by the response that it was said to. */
  private final Map<String, List<Steer>> pending = new HashMap<>();

  private final RecentResponses recent = new RecentResponses();
  private boolean stopped;

  /** That the connection was asked for in; its responses are of it. */
  private final @Nullable TraceParent trace = TraceScope.current();

  Lanes(Responses responses, Principal who, Socket socket) {
    this.responses = responses;
    this.who = who;
    this.socket = socket;
    this.steering = new SteerEvents(socket);
  }

  /** One after the other; guarded by {@link Lanes}. */
  private static final class Lane {
    private final Deque<Asked> waiting = new ArrayDeque<>();
    private final List<Steer> steers = new ArrayList<>();
    private @Nullable Thread worker;
    private @Nullable Asked asked;
    private Created.@Nullable Running running;
    private @Nullable String id;
  }

  /**
   * A response that is to be made.
   *
   * @param steers that it answers, beside its own input
   */
  private record Asked(ObjectNode body, List<Steer> steers) {

    /** Whether more may be said to it while it runs. */
    boolean steerable() {
      JsonNode management = body.path("context_management");
      return !body.hasNonNull("conversation") && !(management.isArray() && !management.isEmpty());
    }

    /** The request that goes on from its response with what was said meanwhile. */
    Asked next(String id, List<Steer> said) {
      ObjectNode next = body.deepCopy();
      next.put(PREVIOUS, id);
      next.set("input", messages(said));
      return new Asked(next, List.copyOf(said));
    }
  }

  private static ArrayNode messages(List<Steer> steers) {
    ArrayNode messages = Json.mapper().createArrayNode();
    steers.forEach(steer -> messages.addAll(steer.messages()));
    return messages;
  }

  /** Whether nothing runs. */
  synchronized boolean idle() {
    return lanes.isEmpty();
  }

  /** The client has left, or may not go on: stops all that runs. */
  synchronized void stop() {
    stopped = true;
    lanes.values().forEach(Lanes::stop);
  }

  private static void stop(Lane lane) {
    lane.waiting.clear();
    if (lane.running != null) {
      lane.running.clientGone();
    } else if (lane.worker != null) {
      lane.worker.interrupt();
    }
  }

  /** Does what a message asks for, or says why not. */
  void take(String message) throws InterruptedException {
    String stream = "";
    try {
      JsonNode tree = Json.tree(message.getBytes(StandardCharsets.UTF_8));
      if (!(tree instanceof ObjectNode event)) {
        throw Refusal.badRequest(null, "A message must be a JSON object.");
      }
      stream = stream(event);
      switch (event.path("type").asString("")) {
        case "response.create" -> create(stream, event);
        case "response.cancel" -> cancel(stream, event);
        case "response.steer" -> steer(event);
        default ->
            throw Refusal.badRequest(
                "type",
                "Invalid 'type': must be 'response.create', 'response.cancel' or 'response.steer'"
                    + " here.");
      }
    } catch (RuntimeException e) {
      refuse(stream, reply(e));
    }
  }

  private static String stream(ObjectNode event) {
    JsonNode given = event.path("stream_id");
    if (given.isMissingNode() || given.isNull()) {
      return "";
    }
    if (!given.isString() || given.asString().isEmpty() || given.asString().length() > LONGEST_ID) {
      throw Refusal.badRequest(
          "stream_id",
          "Invalid 'stream_id': must be a text of 1 to " + LONGEST_ID + " characters.");
    }
    return given.asString();
  }

  private void create(String stream, ObjectNode event) {
    if (event.path("background").asBoolean(false)) {
      throw Refusal.badRequest("background", "'background' is not for WebSockets: use POST.");
    }
    event.remove("type");
    event.remove("stream_id");
    event.remove("background");
    event.set("stream", BooleanNode.TRUE);
    // Read again when it is run; what is no request is refused at once.
    var _ = Json.convert(event, CreateResponse.class);
    synchronized (this) {
      Lane lane = lanes.get(stream);
      if (lane == null && lanes.size() >= MOST_LANES) {
        throw overloaded("More than " + MOST_LANES + " streams run on this connection.");
      }
      if (lane != null && lane.waiting.size() >= MOST_WAITING) {
        throw overloaded("More than " + MOST_WAITING + " responses wait on this stream.");
      }
      if (stopped) {
        return;
      }
      Lane used = lane == null ? new Lane() : lane;
      lanes.put(stream, used);
      used.waiting.add(new Asked(event, List.of()));
      if (used.worker == null) {
        used.worker =
            Thread.ofVirtual()
                .name("ws-", 0)
                .start(() -> TraceScope.run(trace, () -> work(stream, used)));
      }
    }
  }

  private static Rejected overloaded(String message) {
    return new Rejected(new Problem.Overloaded(message, Duration.ofSeconds(1)));
  }

  private synchronized void cancel(String stream, ObjectNode event) {
    JsonNode id = event.path("response_id");
    Lane lane = id.isString() ? lane(id.asString()).orElse(null) : lanes.get(stream);
    if (lane == null || lane.running == null) {
      throw new Rejected(
          new Problem.NotFound("No such response runs on this connection.", "response_id"));
    }
    lane.running.clientGone();
  }

  private Optional<Lane> lane(String id) {
    return lanes.values().stream().filter(one -> id.equals(one.id)).findFirst();
  }

  private String name(@Nullable Lane lane) {
    return lanes.entrySet().stream()
        .filter(entry -> entry.getValue().equals(lane))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  /** Keeps what a client says to a running response for the one that goes on from it. */
  private void steer(ObjectNode event) throws InterruptedException {
    JsonNode to = event.path(PREVIOUS);
    if (!to.isString()) {
      throw Refusal.badRequest(PREVIOUS, "Missing required parameter: '" + PREVIOUS + "'.");
    }
    Steer steer;
    try {
      steer = Steer.read(ids.next("steer"), event);
    } catch (Steer.Invalid e) {
      JsonNode input = event.path("input");
      steering.failed("", null, to.asString(), input, SteerEvents.Reason.INVALID, e.getMessage());
      return;
    }
    String stream;
    SteerEvents.Reason refusal;
    synchronized (this) {
      Lane lane = lane(to.asString()).orElse(null);
      stream = name(lane);
      refusal = refusal(lane);
      if (lane != null && refusal == null) {
        lane.steers.add(steer);
        if (lane.running != null) {
          lane.running.steer();
        }
      }
    }
    if (refusal == null) {
      steering.accepted(stream, steer);
      steer.told().countDown();
    } else {
      steering.failed(stream, null, steer.previous(), steer.input(), refusal, null);
    }
  }

  private static SteerEvents.@Nullable Reason refusal(@Nullable Lane lane) {
    if (lane == null || lane.asked == null) {
      return SteerEvents.Reason.NOT_FOUND;
    }
    if (lane.running == null) {
      return SteerEvents.Reason.COMPLETED;
    }
    if (!lane.asked.steerable()) {
      return SteerEvents.Reason.UNSUPPORTED;
    }
    return lane.steers.size() >= MOST_STEERS ? SteerEvents.Reason.TOO_MANY : null;
  }

  private void work(String stream, Lane lane) {
    Asked asked = next(stream, lane);
    while (asked != null) {
      try {
        JsonNode ended = run(stream, lane, asked);
        settle(stream, lane, asked, ended);
      } catch (InterruptedException | ClientGone _) {
        // Nobody is left to be told; what waits is gone too.
        stop();
      } catch (Throwable e) {
        tell(stream, lane, asked, e);
      }
      asked = next(stream, lane);
    }
  }

  private synchronized @Nullable Asked next(String stream, Lane lane) {
    lane.running = null;
    lane.id = null;
    lane.asked = lane.waiting.poll();
    if (lane.asked == null) {
      lanes.remove(stream);
      return null;
    }
    List<Steer> owed = pending.remove(lane.asked.body.path(PREVIOUS).asString(""));
    if (owed != null) {
      ArrayNode input = messages(owed);
      input.addAll(RecentResponses.items(lane.asked.body.path("input")));
      lane.asked.body.set("input", input);
      lane.asked = new Asked(lane.asked.body, owed);
    }
    return lane.asked;
  }

  /** Runs it to its end; what its last event says of it, null if there was none. */
  private @Nullable JsonNode run(String stream, Lane lane, Asked asked)
      throws InterruptedException {
    ObjectNode body = recent(asked.body);
    CreateResponse request = Json.convert(body, CreateResponse.class);
    who.rights().check(request);
    if (!(responses.create(who.owner(), request, null) instanceof Created.Running running)) {
      throw new IllegalStateException("a foreground response was not run in the foreground");
    }
    synchronized (this) {
      lane.running = running;
      if (stopped) {
        running.clientGone();
      }
    }
    EncodedEvent last = null;
    boolean whole = false;
    try (EventReader events = running.events()) {
      Problem problem = running.refused(PATIENCE);
      if (problem != null) {
        throw new Rejected(problem);
      }
      for (var batch = events.next(SILENCE); batch != null; batch = events.next(SILENCE)) {
        for (EncodedEvent event : batch) {
          if (lane.id == null) {
            know(lane, event);
          }
          last = event;
          socket.send(marked(event.json(), stream));
        }
      }
      whole = true;
    } finally {
      if (!whole) {
        running.clientGone();
      }
    }
    return last == null ? null : ended(lane, body, last);
  }

  private synchronized ObjectNode recent(ObjectNode body) {
    return recent.whole(body);
  }

  private synchronized void know(Lane lane, EncodedEvent created) {
    lane.id = Json.tree(created.json()).at("/response/id").asString("");
  }

  /** From here on nothing more can be said to it. */
  private synchronized @Nullable JsonNode ended(Lane lane, ObjectNode body, EncodedEvent last) {
    lane.running = null;
    boolean needed = !lane.steers.isEmpty() || !body.path("store").asBoolean(true);
    if (!needed) {
      return null;
    }
    JsonNode response = Json.tree(last.json()).path("response");
    if (goesOn(response)) {
      recent.keep(body, response);
    }
    return response;
  }

  private static boolean goesOn(JsonNode response) {
    return switch (response.path("status").asString("")) {
      case "completed", "incomplete" -> true;
      default -> false;
    };
  }

  /** What was said while it ran gets its answer now, or waits for the client, or is given back. */
  private void settle(String stream, Lane lane, Asked asked, @Nullable JsonNode ended)
      throws InterruptedException {
    List<Steer> said = said(lane);
    if (said.isEmpty()) {
      return;
    }
    if (ended == null || !goesOn(ended)) {
      giveBack(stream, said, SteerEvents.Reason.NOT_ACTIVE);
      return;
    }
    String id = ended.path("id").asString("");
    ArrayNode required = RequiredInput.of(ended.path("output"));
    if (required.isEmpty()) {
      synchronized (this) {
        lane.waiting.addFirst(asked.next(id, said));
      }
    } else if (keep(id, said)) {
      for (Steer steer : said) {
        steering.pending(stream, steer, required);
      }
    } else {
      giveBack(stream, said, SteerEvents.Reason.TOO_MANY);
    }
  }

  private synchronized boolean keep(String id, List<Steer> said) {
    return pending.size() < MOST_PENDING && pending.putIfAbsent(id, said) == null;
  }

  private List<Steer> said(Lane lane) throws InterruptedException {
    List<Steer> said;
    synchronized (this) {
      lane.running = null;
      said = List.copyOf(lane.steers);
      lane.steers.clear();
    }
    for (Steer steer : said) {
      // That it is accepted comes before what becomes of it.
      steer.told().await();
    }
    return said;
  }

  private void giveBack(String stream, List<Steer> steers, SteerEvents.Reason why)
      throws InterruptedException {
    for (Steer steer : steers) {
      steering.failed(stream, steer.id(), steer.previous(), steer.input(), why, null);
    }
  }

  /** The event with the id of its stream behind its own fields. */
  private static byte[] marked(byte[] json, String stream) {
    if (stream.isEmpty()) {
      return json;
    }
    byte[] more = (",\"stream_id\":" + Json.text(stream) + "}").getBytes(StandardCharsets.UTF_8);
    byte[] marked = new byte[json.length - 1 + more.length];
    System.arraycopy(json, 0, marked, 0, json.length - 1);
    System.arraycopy(more, 0, marked, json.length - 1, more.length);
    return marked;
  }

  private void tell(String stream, Lane lane, Asked asked, Throwable why) {
    try {
      refuse(stream, reply(why));
      if (lane.id == null) {
        giveBack(stream, asked.steers, SteerEvents.Reason.NO_SUCCESSOR);
      }
      giveBack(stream, said(lane), SteerEvents.Reason.NOT_ACTIVE);
    } catch (InterruptedException | ClientGone _) {
      stop();
    }
  }

  private static ErrorReply reply(Throwable thrown) {
    return Problems.expected(thrown)
        .orElseGet(() -> {
          LOG.error("a message could not be served", thrown);
          return Problems.unexpected("a WebSocket");
        });
  }

  /** Sends an error as WebSocket mode has it: with a status, and the error inside. */
  void refuse(String stream, ErrorReply why) throws InterruptedException {
    ObjectNode event = Json.mapper().createObjectNode();
    event.put("type", "error").put("status", why.status());
    event
        .putObject("error")
        .put("type", why.type())
        .put("code", why.code() == null ? why.type() : why.code())
        .put("message", why.message())
        .put("param", why.param());
    if (!stream.isEmpty()) {
      event.put("stream_id", stream);
    }
    socket.send(Json.bytes(event));
  }
}
