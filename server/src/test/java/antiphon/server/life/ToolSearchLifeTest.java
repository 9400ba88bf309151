package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.engine.Piece;
import antiphon.core.engine.Turn;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.NamespaceTool;
import antiphon.protocol.tool.Tool;
import antiphon.server.life.Node.Answer;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.mcp.McpTestServer;
import antiphon.testkit.store.Await;
import antiphon.tools.mcp.McpRunner;
import antiphon.tools.search.ToolSearchRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Models that search for tools which they were not shown. */
class ToolSearchLifeTest {

  private static final int MANY = 1000;

  @TempDir Path folder;

  /** The names of what the model was offered, turn by turn; those of a namespace with its name. */
  private final List<List<String>> offered = new CopyOnWriteArrayList<>();

  private Node node(Script script) {
    Storage storage = Stores.sqlite(folder);
    McpRunner mcp = LocalMcp.runner(storage);
    ServerTools tools = new ServerTools(List.of(new ToolSearchRunner(), mcp), ToolLimits.USUAL);
    return new Node(
        storage,
        new ScriptedEngine((turn, sink) -> {
          offered.add(names(turn));
          return script.play(turn, sink);
        }),
        new ReasoningSeal(new byte[32]),
        tools);
  }

  private static List<String> names(Turn turn) {
    List<String> names = new ArrayList<>();
    List<Tool> tools = turn.request().tools();
    for (Tool tool : tools == null ? List.<Tool>of() : tools) {
      switch (tool) {
        case FunctionTool function -> names.add(function.name());
        case NamespaceTool namespace ->
            namespace
                .tools()
                .forEach(
                    inner -> names.add(namespace.name() + "/" + ((FunctionTool) inner).name()));
        case Tool other -> names.add(other.type());
      }
    }
    return names;
  }

  /** Searches, calls what it was told to, and ends. */
  private static Script searching(String query, String function) {
    Script search = Script.call("tool_search", "{\"query\":\"" + query + "\"}");
    return (turn, sink) -> {
      int outputs = Script.outputs(turn).size();
      if (outputs == 0) {
        return search.play(turn, sink);
      }
      if (outputs == 1 && !function.isEmpty()) {
        sink.accept(new Piece.ToolCall(0, "call_1", function, Piece.ToolCall.Kind.FUNCTION));
        sink.accept(new Piece.ToolCallDelta(0, "{\"text\":\"hello\"}"));
        return ScriptedEngine.stop(turn, 2);
      }
      sink.accept(new Piece.Text("done"));
      return ScriptedEngine.stop(turn, 1);
    };
  }

  private static String many() {
    StringBuilder tools = new StringBuilder();
    for (int i = 0; i < MANY; i++) {
      tools
          .append("{\"type\":\"function\",\"name\":\"report_")
          .append(i)
          .append("\",\"description\":\"Makes report number ")
          .append(i)
          .append("\",\"parameters\":{\"type\":\"object\"},\"defer_loading\":true},");
    }
    return tools.toString();
  }

  private static final String SHOWN =
      "{\"type\":\"function\",\"name\":\"shown\",\"parameters\":{\"type\":\"object\"}},";

  private static final String CRM =
      "{\"type\":\"namespace\",\"name\":\"crm\",\"description\":\"Customers\",\"tools\":["
          + "{\"type\":\"function\",\"name\":\"find\",\"description\":\"Finds a customer\","
          + "\"defer_loading\":true},{\"type\":\"function\",\"name\":\"ping\"}]},";

  private static String body(String tools, String more) {
    return body("\"x\"", tools, more);
  }

  private static String body(String input, String tools, String more) {
    return "{\"model\":\"auto\",\"input\":"
        + input
        + ",\"tools\":["
        + tools
        + "{\"type\":\"tool_search\"}]"
        + more
        + "}";
  }

  private Answer ended(Node node, Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    String id = answer.text("/id");
    Await.until("the end", () -> node.get("/responses/" + id).text("/status").equals("completed"));
    return node.get("/responses/" + id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"background\":true"})
  void aThousandToolsAreNotShownAndTheOneThatIsNeededIsLoaded(String kind) {
    try (Node node = node(searching("report number 512", "report_512"))) {
      Answer done = ended(node, node.post("/responses", body(many() + SHOWN + CRM, kind)));
      assertThat(offered.getFirst()).containsExactly("shown", "crm/ping", "tool_search");
      assertThat(offered.get(1)).hasSize(8).contains("report_512", "shown", "tool_search");
      JsonNode call = done.json().at("/output/0");
      assertThat(call.get("type").asString()).isEqualTo("tool_search_call");
      assertThat(call.get("execution").asString()).isEqualTo("server");
      assertThat(call.get("status").asString()).isEqualTo("completed");
      assertThat(call.at("/arguments/query").asString()).isEqualTo("report number 512");
      assertThat(call.get("call_id").isNull()).isTrue();
      JsonNode output = done.json().at("/output/1");
      assertThat(output.get("type").asString()).isEqualTo("tool_search_output");
      assertThat(output.get("tools")).hasSize(5);
      assertThat(output.at("/tools/0/name").asString()).isEqualTo("report_512");
      assertThat(done.text("/output/2/type")).isEqualTo("function_call");
      assertThat(done.text("/output/2/name")).isEqualTo("report_512");

      // What was loaded stays so in the chain, by the response's id and by its items.
      String answer =
          "{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"ok\"}";
      offered.clear();
      String previous = ",\"previous_response_id\":\"" + done.text("/id") + "\"";
      Answer next = node.post("/responses", body("[" + answer + "]", many() + SHOWN, previous));
      assertThat(next.text("/output_text")).as(next.body()).isEqualTo("done");
      assertThat(offered.getFirst()).hasSize(7).contains("report_512");
      offered.clear();
      String items = Json.text(done.json().get("output")).replaceFirst("]$", "," + answer + "]");
      next = node.post("/responses", body(items, many() + SHOWN, ""));
      assertThat(next.text("/output_text")).as(next.body()).isEqualTo("done");
      assertThat(offered.getFirst()).hasSize(7).contains("report_512");
    }
  }

  @Test
  void aFunctionOfANamespaceIsLoadedIntoIt() {
    try (Node node = node(searching("customer", ""))) {
      Answer done = node.post("/responses", body(CRM, ""));
      assertThat(offered.getFirst()).containsExactly("crm/ping", "tool_search");
      assertThat(offered.getLast()).containsExactly("crm/find", "crm/ping", "tool_search");
      assertThat(done.text("/output/1/tools/0/type")).isEqualTo("namespace");
      assertThat(done.text("/output/1/tools/0/name")).isEqualTo("crm");
      assertThat(done.text("/output/1/tools/0/tools/0/name")).isEqualTo("find");
    }
  }

  @Test
  void toolsOfAnMcpServerAreLoadedAndRun() {
    try (McpTestServer server = new McpTestServer().echo();
        Node node = node(searching("echo", "srv__echo"))) {
      String mcp =
          "{\"type\":\"mcp\",\"server_label\":\"srv\",\"server_url\":\"%s\",\"defer_loading\":true,\"require_approval\":\"never\"},"
              .formatted(server.url());
      Answer done = node.post("/responses", body(mcp, ""));
      assertThat(offered.getFirst()).containsExactly("tool_search");
      assertThat(offered.get(1)).containsExactlyInAnyOrder("srv__echo", "tool_search");
      assertThat(done.json().get("output"))
          .anyMatch(item -> item.path("output").asString("").equals("hello"));
      // Without a search nothing waits.
      offered.clear();
      var _ = node.post("/responses", body(mcp, "").replace(",{\"type\":\"tool_search\"}", ""));
      assertThat(offered.getFirst()).containsExactly("srv__echo");
    }
  }

  @Test
  void theStreamHasTheEventsOfTheContract() {
    try (Node node = node(searching("customer", ""))) {
      String body = node.post("/responses", body(CRM, ",\"stream\":true")).body();
      assertThat(
              body.lines()
                  .filter(line -> line.startsWith("event: "))
                  .map(line -> line.substring("event: ".length())))
          .containsSubsequence(
              "response.output_item.added",
              "response.tool_search_call.in_progress",
              "response.tool_search_call.searching",
              "response.tool_search_call.completed",
              "response.output_item.done",
              "response.output_item.added",
              "response.output_item.done",
              "response.completed");
      assertThat(body).contains("\"args\":{\"query\":\"customer\"}");
    }
  }

  @Test
  void aSearchThatDoesNotFitIsExplainedAndNothingIsLoaded() {
    try (Node node = node(Script.call("tool_search", "{\"q\":1}"))) {
      Answer done = node.post("/responses", body(CRM, ""));
      assertThat(done.text("/output_text")).contains("The arguments do not fit", "'query'");
      assertThat(offered.getLast()).containsExactly("crm/ping", "tool_search");
    }
  }

  @Test
  void aForcedFunctionDoesNotWaitAndNothingToSearchIsNoSearch() {
    try (Node node = node(Script.words("fine"))) {
      String forced = ",\"tool_choice\":{\"type\":\"function\",\"name\":\"report_7\"}";
      var _ = node.post("/responses", body(many(), forced));
      assertThat(offered.getLast()).containsExactly("report_7", "tool_search");
      var _ = node.post("/responses", body(SHOWN, ""));
      assertThat(offered.getLast()).containsExactly("shown");
    }
  }

  @Test
  void whatWaitsIsNotCounted() {
    try (Node node = node(Script.words("fine"))) {
      int none = tokens(node, body(SHOWN, ""));
      int many = tokens(node, body(many() + SHOWN, ""));
      assertThat(many).isEqualTo(none);
      String clients = "\"tool_search\",\"execution\":\"client\"}";
      assertThat(tokens(node, body(many() + SHOWN, "").replace("\"tool_search\"}", clients)))
          .isGreaterThan(none + MANY);
    }
  }

  private static int tokens(Node node, String body) {
    Answer counted = node.post("/responses/input_tokens", body);
    assertThat(counted.status()).as(counted.body()).isEqualTo(200);
    return counted.json().get("input_tokens").asInt();
  }

  @Test
  void tooManyThatDoNotWaitAreRefused() {
    try (Node node = node(Script.words("fine"))) {
      Answer refused =
          node.post("/responses", body(many().replace(",\"defer_loading\":true", ""), ""));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text("/error/param")).isEqualTo("tools");
      assertThat(refused.text("/error/message")).contains("defer_loading");
    }
  }

  @Test
  void aSearchOfTheClientStaysTheClients() {
    try (Node node = node(Script.words("fine"))) {
      String body =
          body(CRM, "").replace("\"tool_search\"}", "\"tool_search\",\"execution\":\"client\"}");
      assertThat(node.post("/responses", body).status()).isEqualTo(200);
      assertThat(offered.getLast()).containsExactly("crm/find", "crm/ping", "tool_search");
    }
  }
}
