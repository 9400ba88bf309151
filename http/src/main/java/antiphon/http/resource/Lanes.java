package antiphon.http.resource;

import antiphon.core.api.Created;
import antiphon.core.api.EncodedEvent;
import antiphon.core.api.EventReader;
import antiphon.core.api.Responses;
import antiphon.core.key.Principal;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.http.error.ErrorReply;
import antiphon.http.error.Problems;
import antiphon.http.error.Refusal;
import antiphon.http.wire.ClientGone;
import antiphon.http.wire.Socket;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
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
  private static final int LONGEST_ID = 128;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final Responses responses;
  private final Principal who;
  private final Socket socket;
  private final Map<String, Lane> lanes = new HashMap<>();
  private boolean stopped;

  Lanes(Responses responses, Principal who, Socket socket) {
    this.responses = responses;
    this.who = who;
    this.socket = socket;
  }

  /** One after the other; guarded by {@link Lanes}. */
  private static final class Lane {
    private final Deque<CreateResponse> waiting = new ArrayDeque<>();
    private @Nullable Thread worker;
    private Created.@Nullable Running running;
    private @Nullable String id;
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
        default ->
            throw Refusal.badRequest(
                "type", "Invalid 'type': must be 'response.create' or 'response.cancel' here.");
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
    CreateResponse request = Json.convert(event, CreateResponse.class);
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
      used.waiting.add(request);
      if (used.worker == null) {
        used.worker = Thread.ofVirtual().name("ws-", 0).start(() -> work(stream, used));
      }
    }
  }

  private static Rejected overloaded(String message) {
    return new Rejected(new Problem.Overloaded(message, Duration.ofSeconds(1)));
  }

  private synchronized void cancel(String stream, ObjectNode event) {
    JsonNode id = event.path("response_id");
    Lane lane =
        id.isString()
            ? lanes.values().stream()
                .filter(one -> id.asString().equals(one.id))
                .findFirst()
                .orElse(null)
            : lanes.get(stream);
    if (lane == null || lane.running == null) {
      throw new Rejected(
          new Problem.NotFound("No such response runs on this connection.", "response_id"));
    }
    lane.running.clientGone();
  }

  private void work(String stream, Lane lane) {
    CreateResponse request = next(stream, lane);
    while (request != null) {
      try {
        run(stream, lane, request);
      } catch (InterruptedException | ClientGone _) {
        // Nobody is left to be told; what waits is gone too.
        stop();
      } catch (Throwable e) {
        tell(stream, e);
      }
      request = next(stream, lane);
    }
  }

  private synchronized @Nullable CreateResponse next(String stream, Lane lane) {
    lane.running = null;
    lane.id = null;
    CreateResponse request = lane.waiting.poll();
    if (request == null) {
      lanes.remove(stream);
    }
    return request;
  }

  private void run(String stream, Lane lane, CreateResponse request) throws InterruptedException {
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
          socket.send(marked(event.json(), stream));
        }
      }
      whole = true;
    } finally {
      if (!whole) {
        running.clientGone();
      }
    }
  }

  private synchronized void know(Lane lane, EncodedEvent created) {
    lane.id = Json.tree(created.json()).at("/response/id").asString("");
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

  private void tell(String stream, Throwable why) {
    try {
      refuse(stream, reply(why));
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
