package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Piece;
import antiphon.testkit.engine.ScriptedEngine;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Responses over a WebSocket. */
class WebSocketTest {

  @TempDir Path folder;

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
        SocketClient client = new SocketClient(node)) {
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
        SocketClient client = new SocketClient(node)) {
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
        SocketClient client = new SocketClient(node)) {
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
        SocketClient client = new SocketClient(node)) {
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
      try (SocketClient client = new SocketClient(node)) {
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
    try (SocketClient client = new SocketClient(node)) {
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

  @Test
  void whatWasNotStoredIsKnownToItsConnectionAlone() throws Exception {
    try (Node node = new Node(folder, counting());
        SocketClient client = new SocketClient(node)) {
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
      try (SocketClient other = new SocketClient(node)) {
        other.send(
            "{'type':'response.create','model':'auto','input':'x','previous_response_id':'"
                + id
                + "'}");
        assertThat(other.next().at("/error/code").asString())
            .isEqualTo("previous_response_not_found");
      }
    }
  }
}
