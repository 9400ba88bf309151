package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Piece;
import antiphon.core.engine.Turn;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Role;
import antiphon.protocol.json.Json;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.tool.ScriptedTools;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Responses over a WebSocket. */
class WebSocketTest {

  @TempDir Path folder;

  /** A client, and what it has heard. */
  private static final class Client implements WebSocket.Listener, AutoCloseable {
    private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;

    Client(Node node) {
      URI uri = URI.create(node.url().replace("http:", "ws:") + "/responses");
      socket =
          node.client()
              .newWebSocketBuilder()
              .header("Authorization", "Bearer " + node.key())
              .buildAsync(uri, this)
              .join();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        heard.add(Node.json(part.toString()));
        part.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return null;
    }

    void send(String message) {
      socket.sendText(message.replace('\'', '"'), true).join();
    }

    JsonNode next() throws InterruptedException {
      JsonNode event = heard.poll(20, TimeUnit.SECONDS);
      assertThat(event).as("an event").isNotNull();
      return event;
    }

    /** All up to the end of a response, or an error. */
    List<JsonNode> response() throws InterruptedException {
      List<JsonNode> events = new ArrayList<>();
      String type;
      do {
        JsonNode event = next();
        events.add(event);
        type = event.path("type").asString();
      } while (!List.of(
              "response.completed",
              "response.incomplete",
              "response.cancelled",
              "response.failed",
              "error")
          .contains(type));
      return events;
    }

    @Override
    public void close() {
      socket.abort();
    }
  }

  private static ScriptedEngine counting() {
    return new ScriptedEngine((turn, sink) -> {
      sink.begun();
      sink.accept(new Piece.Text("saw " + turn.items().size()));
      return ScriptedEngine.stop(turn, 2);
    });
  }

  @Test
  void aResponseHasTheEventsOfAStreamAndIsFollowedByAnother() throws Exception {
    try (Node node = new Node(folder, counting());
        Client client = new Client(node)) {
      client.send("{'type':'response.create','model':'auto','input':'hello'}");
      List<JsonNode> events = client.response();
      assertThat(events.getFirst().path("type").asString()).isEqualTo("response.created");
      for (int i = 0; i < events.size(); i++) {
        assertThat(events.get(i).path("sequence_number").asInt()).isEqualTo(i);
      }
      String id = events.getLast().at("/response/id").asString();
      client.send(
          "{'type':'response.create','model':'auto','input':'more','previous_response_id':'"
              + id
              + "'}");
      assertThat(client.response().getLast().at("/response/output/0/content/0/text").asString())
          .isEqualTo("saw 3");
      assertThat(node.get("/responses/" + id).text("/status")).isEqualTo("completed");
    }
  }

  @Test
  void whatIsNotToBeGeneratedCanBeFollowed() throws Exception {
    ScriptedEngine engine = counting();
    try (Node node = new Node(folder, engine);
        Client client = new Client(node)) {
      client.send("{'type':'response.create','model':'auto','input':'first','generate':false}");
      JsonNode warmed = client.response().getLast();
      assertThat(warmed.at("/response/output")).isEmpty();
      assertThat(engine.turns()).isEmpty();
      client.send(
          "{'type':'response.create','model':'auto','input':'second','previous_response_id':'"
              + warmed.at("/response/id").asString()
              + "'}");
      assertThat(client.response().getLast().at("/response/output/0/content/0/text").asString())
          .isEqualTo("saw 2");
    }
  }

  @Test
  void mistakesAreToldAndTheConnectionGoesOn() throws Exception {
    try (Node node = new Node(folder, counting());
        Client client = new Client(node)) {
      for (String message :
          List.of(
              "no json",
              "[]",
              "{'type':'response.steer'}",
              "{'type':'response.create'}",
              "{'type':'response.create','model':'auto','input':'x','background':true}",
              "{'type':'response.create','model':'none','input':'x'}",
              "{'type':'response.create','model':'auto','input':'x',"
                  + "'previous_response_id':'resp_none'}",
              "{'type':'response.create','model':'auto','input':'x','stream_id':7}")) {
        client.send(message);
        JsonNode error = client.next();
        assertThat(error.path("type").asString()).as(message).isEqualTo("error");
        assertThat(error.path("status").asInt()).as(message).isEqualTo(400);
        assertThat(error.at("/error/message").asString()).isNotEmpty();
      }
      client.send("{'type':'response.cancel'}");
      assertThat(client.next().path("status").asInt()).isEqualTo(404);
      client.send("{'type':'response.create','model':'auto','input':'x'}");
      assertThat(client.response().getLast().path("type").asString())
          .isEqualTo("response.completed");
    }
  }

  @Test
  void streamsRunBesideEachOtherAndAreNamedInTheirEvents() throws Exception {
    Gate gate = new Gate(1);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine);
        Client client = new Client(node)) {
      for (String stream : List.of("a", "b")) {
        client.send(
            "{'type':'response.create','model':'auto','input':'x','stream_id':'" + stream + "'}");
      }
      Await.until("both run", () -> engine.running() == 2);
      gate.pass(2);
      List<String> ended = new ArrayList<>();
      while (ended.size() < 2) {
        JsonNode event = client.next();
        if (event.path("type").asString().equals("response.completed")) {
          ended.add(event.path("stream_id").asString());
        }
      }
      assertThat(ended).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void aCancelAndAGoneClientStopTheEngine() throws Exception {
    Gate gate = new Gate(5);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine)) {
      try (Client client = new Client(node)) {
        client.send("{'type':'response.create','model':'auto','input':'x'}");
        Await.until("running", () -> engine.running() == 1);
        gate.pass(1);
        client.send("{'type':'response.cancel'}");
        assertThat(client.response().getLast().path("type").asString())
            .isEqualTo("response.cancelled");
        client.send("{'type':'response.create','model':'auto','input':'x'}");
        Await.until("running again", () -> engine.running() == 1);
      }
      Await.until("stopped", () -> engine.running() == 0);
      assertThat(engine.stopped()).isEqualTo(2);
    }
  }

  @Test
  void aServerThatStopsSaysSo() throws Exception {
    Node node = new Node(folder, counting());
    try (Client client = new Client(node)) {
      client.send("{'type':'response.create','model':'auto','input':'x'}");
      client.response();
      node.drain(Duration.ofSeconds(5));
      assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
      assertThat(client.next().path("status").asInt()).isEqualTo(503);
    }
  }

  @Test
  void withoutAKeyThereIsNone() {
    try (Node node = new Node(folder, counting())) {
      URI uri = URI.create(node.url().replace("http:", "ws:") + "/responses");
      Assertions.assertThatThrownBy(() ->
              node.client()
                  .newWebSocketBuilder()
                  .buildAsync(uri, new WebSocket.Listener() {})
                  .join())
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(401));
    }
  }

  /** What is said, in the order it was said in. */
  private static String user(Turn turn) {
    return turn.items().stream()
        .filter(item -> item instanceof Message message && message.role() == Role.USER)
        .map(item -> Json.toTree(((Message) item).content()).asString(""))
        .collect(Collectors.joining(","));
  }

  private static ScriptedEngine echoing(Gate gate) {
    return new ScriptedEngine((turn, sink) -> {
      var _ = gate.script().play(turn, sink);
      sink.accept(new Piece.Text("saw " + user(turn)));
      return ScriptedEngine.stop(turn, 2);
    });
  }

  private static JsonNode until(Client client, String type) throws InterruptedException {
    JsonNode event = client.next();
    while (!event.path("type").asString().equals(type)) {
      event = client.next();
    }
    return event;
  }

  @Test
  void whatIsSaidToARunningResponseIsAnsweredByTheNext() throws Exception {
    Gate gate = new Gate(1);
    ScriptedEngine engine = echoing(gate);
    try (Node node = new Node(folder, engine);
        Client client = new Client(node)) {
      for (String store : List.of("true", "false")) {
        client.send(
            "{'type':'response.create','model':'auto','input':'one','stream_id':'s','store':"
                + store
                + "}");
        String id = until(client, "response.created").at("/response/id").asString();
        for (String said : List.of("'two'", "[{'role':'user','content':'three'}]")) {
          client.send(
              "{'type':'response.steer','previous_response_id':'" + id + "','input':" + said + "}");
          JsonNode accepted = until(client, "response.steer.accepted");
          assertThat(accepted.at("/steer/previous_response_id").asString()).isEqualTo(id);
          assertThat(accepted.path("stream_id").asString()).isEqualTo("s");
        }
        gate.pass(2);
        assertThat(client.response().getLast().at("/response/id").asString()).isEqualTo(id);
        JsonNode next = client.response().getLast();
        assertThat(next.path("stream_id").asString()).isEqualTo("s");
        assertThat(next.at("/response/output/0/content").toString()).contains("saw one,two,three");
      }
    }
  }

  @Test
  void whatIsSaidWaitsForTheOutputsThatTheClientOwes() throws Exception {
    Gate gate = new Gate(1);
    ScriptedEngine engine =
        new ScriptedEngine((turn, sink) -> {
          if (turn.items().size() > 1) {
            sink.accept(new Piece.Text("saw " + user(turn)));
            return ScriptedEngine.stop(turn, 2);
          }
          var _ = gate.script().play(turn, sink);
          sink.accept(new Piece.ToolCall(0, "call_1", "look", Piece.ToolCall.Kind.FUNCTION));
          sink.accept(new Piece.ToolCallDelta(0, "{}"));
          return ScriptedEngine.stop(turn, 2);
        });
    try (Node node = new Node(folder, engine);
        Client client = new Client(node)) {
      client.send(
          "{'type':'response.create','model':'auto','input':'one',"
              + "'tools':[{'type':'function','name':'look'}]}");
      String id = until(client, "response.created").at("/response/id").asString();
      client.send("{'type':'response.steer','previous_response_id':'" + id + "','input':'two'}");
      until(client, "response.steer.accepted");
      gate.pass(1);
      JsonNode pending = until(client, "response.steer.pending");
      assertThat(pending.at("/required_input/0").toString())
          .isEqualTo(
              "{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"name\":\"look\"}");
      client.send(
          "{'type':'response.create','model':'auto','previous_response_id':'"
              + id
              + "','input':[{'type':'function_call_output','call_id':'call_1','output':'x'}]}");
      assertThat(client.response().getLast().at("/response/output/0/content/0/text").asString())
          .isEqualTo("saw one,two");
    }
  }

  @Test
  void whatIsSaidToNobodyIsGivenBack() throws Exception {
    Gate gate = new Gate(1);
    try (Node node = new Node(folder, echoing(gate));
        Client client = new Client(node)) {
      client.send("{'type':'response.steer','previous_response_id':'resp_none','input':'two'}");
      JsonNode failed = until(client, "response.steer.failed");
      assertThat(failed.at("/error/code").asString()).isEqualTo("response_not_found");
      assertThat(failed.at("/steer/input").asString()).isEqualTo("two");
      client.send("{'type':'response.create','model':'auto','input':'one'}");
      String id = until(client, "response.created").at("/response/id").asString();
      for (String wrong :
          List.of(
              "''",
              "[]",
              "7",
              "[{'role':'system','content':'x'}]",
              "[{'role':'user','content':'x','id':'y'}]",
              "[{'role':'user','content':[{'type':'output_text','text':'x'}]}]",
              "'x','stream_id':'s'")) {
        client.send(
            "{'type':'response.steer','previous_response_id':'" + id + "','input':" + wrong + "}");
        assertThat(until(client, "response.steer.failed").at("/error/code").asString())
            .as(wrong)
            .isEqualTo("invalid_input");
      }
      client.send("{'type':'response.steer','previous_response_id':'" + id + "','input':'two'}");
      String steer = until(client, "response.steer.accepted").at("/steer/id").asString();
      client.send("{'type':'response.cancel','response_id':'" + id + "'}");
      JsonNode gone = until(client, "response.steer.failed");
      assertThat(gone.at("/steer/id").asString()).isEqualTo(steer);
      assertThat(gone.at("/error/code").asString()).isEqualTo("response_not_active");
    }
  }

  @Test
  void whatWasNotStoredIsKnownToItsConnectionAlone() throws Exception {
    try (Node node = new Node(folder, counting());
        Client client = new Client(node)) {
      String id = null;
      for (int i = 0; i < 3; i++) {
        client.send(
            "{'type':'response.create','model':'auto','input':'hello','store':false"
                + (id == null ? "" : ",'previous_response_id':'" + id + "'")
                + "}");
        JsonNode ended = client.response().getLast();
        id = ended.at("/response/id").asString();
        assertThat(ended.at("/response/output/0/content/0/text").asString())
            .isEqualTo("saw " + (2 * i + 1));
      }
      try (Client other = new Client(node)) {
        other.send(
            "{'type':'response.create','model':'auto','input':'x','previous_response_id':'"
                + id
                + "'}");
        assertThat(other.next().at("/error/code").asString())
            .isEqualTo("previous_response_not_found");
      }
    }
  }

  @Test
  void aResponseWithTurnsLeftEndsBetweenThemForWhatWasSaid() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch may = new CountDownLatch(1);
    ScriptedTools tools =
        new ScriptedTools()
            .with(
                "add",
                (call, _) -> {
                  running.countDown();
                  may.await();
                  return ScriptedTools.done(call, "seven");
                });
    ScriptedEngine engine =
        new ScriptedEngine((turn, sink) -> {
          if (Script.outputs(turn).isEmpty()) {
            sink.accept(new Piece.ToolCall(0, "call_1", "add", Piece.ToolCall.Kind.FUNCTION));
            sink.accept(new Piece.ToolCallDelta(0, "{}"));
          } else {
            sink.accept(new Piece.Text(Script.outputs(turn) + " and " + user(turn)));
          }
          return ScriptedEngine.stop(turn, 2);
        });
    Storage storage = Stores.sqlite(folder);
    try (Node node =
            new Node(
                storage,
                Node.settings(8, 100),
                engine,
                new ServerTools(List.of(tools), ToolLimits.USUAL));
        Client client = new Client(node)) {
      client.send(
          "{'type':'response.create','model':'auto','input':'one','tools':[{'type':'mcp',"
              + "'server_label':'scripted','server_url':'https://tools.example/mcp',"
              + "'require_approval':'never'}]}");
      String id = until(client, "response.created").at("/response/id").asString();
      assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
      client.send("{'type':'response.steer','previous_response_id':'" + id + "','input':'two'}");
      until(client, "response.steer.accepted");
      may.countDown();
      JsonNode steered = client.response().getLast();
      assertThat(steered.at("/response/incomplete_details/reason").asString()).isEqualTo("steered");
      JsonNode next = client.response().getLast();
      assertThat(next.at("/response/previous_response_id").asString()).isEqualTo(id);
      assertThat(next.at("/response/output/0/content/0/text").asString())
          .isEqualTo("[seven] and one,two");
      assertThat(tools.begun()).hasSize(1);
    }
  }
}
