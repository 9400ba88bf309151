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
import antiphon.http.error.Refusal;
import antiphon.http.wire.ClientGone;
import antiphon.http.wire.Socket;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What runs for one WebSocket. Each {@code stream_id} has a lane of its own, and so have messages
 * without one; in a lane one response runs after the other.
 */
final class Lanes {

  private static final int MOST_LANES = 16;
  private static final int MOST_WAITING = 8;

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final String PREVIOUS = Asked.PREVIOUS;

  private final Responses responses;
  private final Principal who;
  private final Socket socket;
  private final SteerEvents steering;
  private final Ids ids = new Ids(InstantSource.system());
  private final Map<String, Lane> lanes = new HashMap<>();

  private final PendingSteers pending = new PendingSteers();
  private final RecentResponses recent;
  private boolean stopped;

  /** That the connection was asked for in; its responses are of it. */
  private final @Nullable TraceParent trace = TraceScope.current();

  Lanes(Responses responses, Principal who, Socket socket) {
    this.responses = responses;
    this.who = who;
    this.socket = socket;
    this.steering = new SteerEvents(socket);
    this.recent = new RecentResponses(socket);
  }

  /** Whether nothing runs. */
  synchronized boolean idle() {
    return lanes.isEmpty();
  }

  /** The client has left, or may not go on: stops all that runs. */
  synchronized void stop() {
    stopped = true;
    lanes.values().forEach(Lane::stop);
    pending.close();
  }

  /** Does what a message asks for, or says why not; closes it when it is done with. */
  void take(Socket.Message message) throws InterruptedException {
    String stream = "";
    boolean kept = false;
    try {
      JsonNode tree = Json.tree(message.json());
      if (!(tree instanceof ObjectNode event)) {
        throw Refusal.badRequest(null, "A message must be a JSON object.");
      }
      stream = SocketMessages.stream(event);
      switch (event.path("type").asString("")) {
        case "response.create" -> kept = create(stream, event, message::close);
        case "response.cancel" -> cancel(stream, event);
        case "response.steer" -> kept = steer(event, message::close);
        default ->
            throw Refusal.badRequest(
                "type",
                "Invalid 'type': must be 'response.create', 'response.cancel' or 'response.steer'"
                    + " here.");
      }
    } catch (RuntimeException e) {
      refuse(stream, SocketMessages.reply(e));
    } finally {
      if (!kept) {
        message.close();
      }
    }
  }

  /** Whether it waits to be run, which then says when it is done with. */
  private boolean create(String stream, ObjectNode event, Runnable done) {
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
        return false;
      }
      Lane used = lane == null ? new Lane() : lane;
      lanes.put(stream, used);
      used.waiting.add(new Asked(event, List.of(), done));
      if (used.worker == null) {
        used.worker =
            Thread.ofVirtual()
                .name("ws-", 0)
                .start(() -> TraceScope.run(trace, () -> work(stream, used)));
      }
      return true;
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

  /**
   * Keeps what a client says to a running response for the one that goes on from it.
   *
   * @return whether it is kept, and then says when it is done with
   */
  private boolean steer(ObjectNode event, Runnable done) throws InterruptedException {
    JsonNode to = event.path(PREVIOUS);
    if (!to.isString()) {
      throw Refusal.badRequest(PREVIOUS, "Missing required parameter: '" + PREVIOUS + "'.");
    }
    Steer steer;
    try {
      steer = Steer.read(ids.next("steer"), event, done);
    } catch (Steer.Invalid e) {
      JsonNode input = event.path("input");
      steering.failed("", null, to.asString(), input, SteerEvents.Reason.INVALID, e.getMessage());
      return false;
    }
    String stream;
    SteerEvents.Reason refusal;
    synchronized (this) {
      Lane lane = lane(to.asString()).orElse(null);
      stream = name(lane);
      refusal = lane == null ? SteerEvents.Reason.NOT_FOUND : lane.refusal();
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
    return refusal == null;
  }

  private void work(String stream, Lane lane) {
    Asked asked = next(stream, lane);
    while (asked != null) {
      boolean goneOnWith = false;
      try {
        JsonNode ended = run(stream, lane, asked);
        goneOnWith = settle(stream, lane, asked, ended);
      } catch (InterruptedException | ClientGone _) {
        // Nobody is left to be told; what waits is gone too.
        stop();
      } catch (Throwable e) {
        tell(stream, lane, asked, e);
      } finally {
        if (!goneOnWith) {
          asked.release();
        }
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
    List<Steer> owed = pending.take(lane.asked.body().path(PREVIOUS).asString(""));
    lane.asked = lane.asked.answering(owed);
    return lane.asked;
  }

  /** Runs it to its end; what its last event says of it, null if there was none. */
  private @Nullable JsonNode run(String stream, Lane lane, Asked asked)
      throws InterruptedException {
    ObjectNode body = recent(asked.body());
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
    try (EventReader events = Obfuscation.of(running.events(), Obfuscation.asked(request))) {
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
          socket.send(SocketMessages.marked(event.json(), stream));
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

  /**
   * What was said while it ran gets its answer now, or waits for the client, or is given back.
   *
   * @return whether a response that goes on from it comes next
   */
  private boolean settle(String stream, Lane lane, Asked asked, @Nullable JsonNode ended)
      throws InterruptedException {
    List<Steer> said = said(lane);
    if (said.isEmpty()) {
      return false;
    }
    if (ended == null || !goesOn(ended)) {
      giveBack(stream, said, SteerEvents.Reason.NOT_ACTIVE);
      return false;
    }
    String id = ended.path("id").asString("");
    ArrayNode required = RequiredInput.of(ended.path("output"));
    if (required.isEmpty()) {
      return follow(lane, asked.next(id, said));
    }
    if (keep(id, said)) {
      for (Steer steer : said) {
        steering.pending(stream, steer, required);
      }
    } else {
      giveBack(stream, said, SteerEvents.Reason.TOO_MANY);
    }
    return false;
  }

  private synchronized boolean follow(Lane lane, Asked next) {
    if (stopped) {
      next.release();
      return false;
    }
    lane.waiting.addFirst(next);
    return true;
  }

  private synchronized boolean keep(String id, List<Steer> said) {
    return pending.keep(id, said);
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
      steer.done().run();
      steering.failed(stream, steer.id(), steer.previous(), steer.input(), why, null);
    }
  }

  private void tell(String stream, Lane lane, Asked asked, Throwable why) {
    try {
      refuse(stream, SocketMessages.reply(why));
      if (lane.id == null) {
        giveBack(stream, asked.steers(), SteerEvents.Reason.NO_SUCCESSOR);
      }
      giveBack(stream, said(lane), SteerEvents.Reason.NOT_ACTIVE);
    } catch (InterruptedException | ClientGone _) {
      stop();
    }
  }

  /** Sends an error. */
  void refuse(String stream, ErrorReply why) throws InterruptedException {
    socket.send(SocketMessages.error(stream, why));
  }
}
