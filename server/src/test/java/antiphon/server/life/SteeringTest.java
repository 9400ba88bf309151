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
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is said over a WebSocket to a response while it runs. */
class SteeringTest {

  @TempDir Path folder;

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

  private static JsonNode until(SocketClient client, String type) throws InterruptedException {
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
        SocketClient client = new SocketClient(node)) {
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
        SocketClient client = new SocketClient(node)) {
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
        SocketClient client = new SocketClient(node)) {
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
        SocketClient client = new SocketClient(node)) {
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
