package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.create.ReasoningSeal;
import antiphon.protocol.item.Item;
import antiphon.server.life.Node.Answer;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.mcp.McpTestServer;
import antiphon.testkit.store.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that use the tools of an MCP server. */
class McpLifeTest {

  private static final String SECRET = "s3cr3t-t0k3n";

  private final McpTestServer server = new McpTestServer().echo();
  private final ReasoningSeal seal = new ReasoningSeal(new byte[32]);

  @TempDir Path folder;

  @AfterEach
  void close() {
    server.close();
  }

  private Node node(ScriptedEngine engine) {
    Storage storage = Stores.sqlite(folder);
    return new Node(storage, engine, seal, LocalMcp.tools(storage));
  }

  private String request(String more) {
    return request("\"require_approval\":\"never\"", more);
  }

  private String request(String toolMore, String more) {
    return ("{\"model\":\"auto\",\"input\":\"x\",\"tools\":[{\"type\":\"mcp\",\"server_label\":\"srv\","
            + "\"server_url\":\"%s?k=%s\",\"authorization\":\"%s\",\"headers\":{\"X-Key\":\"%s\"},%s}]%s}")
        .formatted(server.url(), SECRET, SECRET, SECRET, toolMore, more);
  }

  @Test
  void theModelCallsAToolAndSecretsAreNowhereToBeSeen() throws IOException {
    try (Node node = node(new ScriptedEngine(Script.call("srv__echo", "{\"text\":\"hello\"}")))) {
      Answer done = node.post("/responses", request(""));
      assertThat(done.text("/status")).as(done.body()).isEqualTo("completed");
      assertThat(done.text("/output/0/type")).isEqualTo("mcp_list_tools");
      assertThat(done.text("/output/1/type")).isEqualTo("mcp_call");
      assertThat(done.text("/output/1/output")).isEqualTo("hello");
      assertThat(done.text("/output_text")).isEqualTo("hello");
      assertThat(done.text("/tools/0/server_url")).isEqualTo(server.url());
      assertThat(server.calls().getFirst().request().headers())
          .containsEntry("authorization", "Bearer " + SECRET)
          .containsEntry("x-key", SECRET);
      assertThat(server.calls().getFirst().request().path()).endsWith("?k=" + SECRET);
      Answer background = node.post("/responses", request(",\"background\":true"));
      String id = background.text("/id");
      Await.until(
          "the end", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      String all =
          done.body()
              + background.body()
              + node.get("/responses/" + id).body()
              + node.get("/responses").body()
              + node.get("/responses/" + done.text("/id")).body()
              + node.events("/responses/" + id + "?stream=true");
      assertThat(all).doesNotContain(SECRET).doesNotContain("antiphon_sealed");
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(bytes.contains(SECRET)).as(file.toString()).isFalse();
      }
    }
  }

  @Test
  void theListIsKeptForTheChain() {
    ScriptedEngine engine = new ScriptedEngine(Script.call("srv__echo", "{\"text\":\"hello\"}"));
    try (Node node = node(engine)) {
      String id = node.post("/responses", request("")).text("/id");
      engine.script(Script.words("fine"));
      Answer next = node.post("/responses", request(",\"previous_response_id\":\"" + id + "\""));
      assertThat(next.json().at("/output").size()).as(next.body()).isEqualTo(1);
      assertThat(server.lists()).isEqualTo(1);
      assertThat(engine.turns().getLast().items().stream().map(Item::type))
          .containsExactly(
              "message", "function_call", "function_call_output", "message", "message");
    }
  }

  @Test
  void readersSeeTheEvents() {
    try (Node node = node(new ScriptedEngine(Script.call("srv__echo", "{\"text\":\"hello\"}")))) {
      String id = node.post("/responses", request(",\"background\":true")).text("/id");
      assertThat(
              node.events("/responses/" + id + "?stream=true").stream()
                  .map(e -> Node.json(e).at("/type").asString()))
          .containsSubsequence(
              "response.created",
              "response.output_item.added",
              "response.mcp_list_tools.in_progress",
              "response.mcp_list_tools.completed",
              "response.output_item.done",
              "response.output_item.added",
              "response.mcp_call.in_progress",
              "response.mcp_call_arguments.delta",
              "response.mcp_call_arguments.done",
              "response.mcp_call.completed",
              "response.output_item.done",
              "response.output_text.delta",
              "response.completed");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leaveIsAskedForAndGoodForOneCallAfterARestartToo(boolean background) {
    String kind = background ? ",\"background\":true" : "";
    Script script = Script.call("srv__echo", "{\"text\":\"hello\"}");
    String asked;
    String approval;
    try (Node node = node(new ScriptedEngine(script))) {
      Answer first = ended(node, node.post("/responses", request("\"x\":1", kind)));
      asked = first.text("/id");
      assertThat(first.text("/status")).isEqualTo("completed");
      assertThat(first.text("/output/1/type")).isEqualTo("mcp_approval_request");
      assertThat(first.text("/output/1/arguments")).isEqualTo("{\"text\":\"hello\"}");
      assertThat(first.text("/output/1/name")).isEqualTo("echo");
      approval = first.text("/output/1/id");
      assertThat(server.calls()).isEmpty();
    }
    String answer =
        "{\"type\":\"mcp_approval_response\",\"approval_request_id\":\"%s\",\"approve\":true}"
            .formatted(approval);
    String more = kind + ",\"previous_response_id\":\"" + asked + "\"";
    String go = request("\"x\":1", more).replace("\"x\",\"tools\"", "[" + answer + "],\"tools\"");
    try (Node node = node(new ScriptedEngine(script))) {
      Answer second = ended(node, node.post("/responses", go));
      assertThat(second.text("/output/0/type")).as(second.body()).isEqualTo("mcp_call");
      assertThat(second.text("/output/0/approval_request_id")).isEqualTo(approval);
      assertThat(second.text("/output/0/output")).isEqualTo("hello");
      assertThat(second.text("/output_text")).isEqualTo("hello");
      assertThat(server.calls()).hasSize(1);
      Answer again = ended(node, node.post("/responses", go));
      assertThat(again.text("/output/0/error")).contains("one call");
      assertThat(server.calls()).hasSize(1);
      Answer third =
          ended(
              node,
              node.post(
                  "/responses",
                  request(
                      "\"x\":1",
                      kind + ",\"previous_response_id\":\"" + second.text("/id") + "\"")));
      assertThat(third.text("/output_text")).isEqualTo("hello");
      assertThat(server.calls()).hasSize(1);
    }
  }

  private static Answer ended(Node node, Answer answer) {
    String id = answer.text("/id");
    Await.until(
        "the end of " + answer.body(),
        () ->
            !List.of("queued", "in_progress")
                .contains(node.get("/responses/" + id).text("/status")));
    return node.get("/responses/" + id);
  }

  @Test
  void anotherNodeGoesOnWithTheSameAuthorization() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Script blocks =
        (turn, _) -> {
          begun.countDown();
          new CountDownLatch(1).await();
          return ScriptedEngine.stop(turn, 1);
        };
    String id;
    try (Node node = node(new ScriptedEngine(blocks))) {
      id = node.post("/responses", request(",\"background\":true")).text("/id");
      begun.await();
    }
    try (Node node = node(new ScriptedEngine(Script.call("srv__echo", "{\"text\":\"again\"}")))) {
      Await.until(
          "the end", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      assertThat(node.get("/responses/" + id).text("/output_text")).isEqualTo("again");
      assertThat(server.lists()).as("the list is in the log").isEqualTo(1);
      assertThat(server.calls().getFirst().request().headers())
          .containsEntry("authorization", "Bearer " + SECRET);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancelEndsTheCall(boolean background) {
    server.tool("slow", (_, answer) -> answer.chunked().hang());
    try (Node node = node(new ScriptedEngine(Script.call("srv__slow", "{}")))) {
      String kind = background ? ",\"background\":true" : ",\"stream\":true";
      Thread.startVirtualThread(() -> node.post("/responses", request(kind)));
      Await.until("the call", () -> server.calls().size() == 1);
      // A stream's row may be written a few milliseconds after its first event.
      Await.until("it is listed", () -> !node.get("/responses").text("/data/0/id").isEmpty());
      String id = node.get("/responses").text("/data/0/id");
      Answer cancelled = node.post("/responses/" + id + "/cancel", null);
      assertThat(cancelled.text("/status")).isEqualTo("cancelled");
      assertThat(cancelled.text("/output/1/status")).isEqualTo("incomplete");
      Await.until("the connection is over", () -> server.gone() == 1);
      Await.until("the server is told", () -> server.cancelled().size() == 1);
      Await.until("its session is ended", () -> server.deleted().size() == 1);
    }
  }

  @Test
  void whatCannotBeIsRefusedByItsField() {
    try (Node node = node(new ScriptedEngine(Script.words("x")))) {
      Map<String, String> wrong =
          Map.of(
              "{\"type\":\"mcp\",\"server_url\":\"https://a.example\"}",
              "tools[0].server_label",
              "{\"type\":\"mcp\",\"server_label\":\"a\"}",
              "tools[0]",
              "{\"type\":\"mcp\",\"server_label\":\"a b\",\"server_url\":\"https://a.example\"}",
              "tools[0].server_label",
              "{\"type\":\"mcp\",\"server_label\":\"a\",\"server_url\":\"http://10.0.0.1/\"}",
              "tools[0].server_url",
              "{\"type\":\"mcp\",\"server_label\":\"a\",\"mcp_server_id\":\"crm\"}",
              "tools[0].mcp_server_id",
              "{\"type\":\"mcp\",\"server_label\":\"a\",\"connector_id\":\"connector_gmail\"}",
              "tools[0].connector_id",
              "{\"type\":\"mcp\",\"server_label\":\"a\",\"server_url\":\"https://a.example\","
                  + "\"require_approval\":\"sometimes\"}",
              "tools[0].require_approval",
              "{\"type\":\"mcp\",\"server_label\":\"a\",\"server_url\":\"https://a.example\","
                  + "\"allowed_tools\":[1]}",
              "tools[0].allowed_tools",
              "{\"type\":\"mcp\",\"server_label\":\"a\",\"server_url\":\"https://a.example\","
                  + "\"headers\":{\"Host\":\"b\"}}",
              "tools[0].headers",
              "{\"type\":\"mcp\",\"server_label\":\"a\",\"server_url\":\"https://a.example\","
                  + "\"authorization\":\"a\\nb\"}",
              "tools[0].authorization");
      wrong.forEach((tool, param) -> {
        Answer answer =
            node.post(
                "/responses", "{\"model\":\"auto\",\"input\":\"x\",\"tools\":[" + tool + "]}");
        assertThat(answer.status()).as(tool + answer.body()).isEqualTo(400);
        assertThat(answer.text("/error/param")).as(tool).isEqualTo(param);
      });
    }
  }
}
