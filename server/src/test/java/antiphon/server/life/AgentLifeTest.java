package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.agent.AgentCalls;
import antiphon.core.create.ReasoningSeal;
import antiphon.core.engine.Piece;
import antiphon.core.engine.Turn;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.AgentTool;
import antiphon.protocol.tool.SleepTool;
import antiphon.protocol.tool.Tool;
import antiphon.server.life.Node.Answer;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.Await;
import antiphon.tools.agent.Agent;
import antiphon.tools.agent.AgentRunner;
import antiphon.tools.sleep.SleepRunner;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Models that give work to agents. */
class AgentLifeTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path folder;

  /** A node whose agents have begun to be looked after. */
  record Started(Node node, AgentCalls agents) implements AutoCloseable {
    @Override
    public void close() {
      agents.close();
      node.close();
    }
  }

  private static Agent agent(String instructions, List<Tool> tools, Duration limit) {
    return new Agent("auto", "Helps", instructions, tools, null, limit, Set.of());
  }

  private static final Map<String, Agent> AGENTS =
      Map.of(
          "helper", agent("Be brief.", List.of(), HOUR),
          "sleeper", agent("Sleep.", List.of(new SleepTool(Map.of())), HOUR),
          "hasty", agent("Sleep.", List.of(new SleepTool(Map.of())), Duration.ofMillis(300)),
          "boss", agent("Delegate.", List.of(tool("sleeper")), HOUR),
          "foreign", new Agent("auto", null, null, List.of(), null, HOUR, Set.of("somebody-else")));

  private static AgentTool tool(String id) {
    return new AgentTool(id, null, null, Map.of());
  }

  private Started start(Script script) {
    return start(Stores.sqlite(folder), script);
  }

  static Started start(Storage storage, Script script) {
    AgentCalls calls =
        new AgentCalls(
            Objects.requireNonNull(storage.agents()), storage.responses(), storage.signals());
    var clock = storage.responses().clock();
    ServerTools tools =
        new ServerTools(
            List.of(new SleepRunner(clock), new AgentRunner(AGENTS, calls, clock)),
            ToolLimits.USUAL);
    Node node =
        new Node(storage, new ScriptedEngine(script), new ReasoningSeal(new byte[32]), tools);
    calls.connect(node.responses());
    return new Started(node, calls);
  }

  /** An agent by its instructions; "" for who calls the first one. */
  static String who(Turn turn) {
    Object instructions = turn.request().instructions();
    return instructions == null ? "" : Json.text(instructions).replace("\"", "");
  }

  /** Each calls who is named, and says what it was told; an agent that calls nobody says hello. */
  static Script delegating(String... first) {
    return (turn, sink) -> {
      List<String> told = Script.outputs(turn);
      List<String> calls =
          switch (who(turn)) {
            case "Sleep." -> List.of("sleep");
            case "Delegate." -> List.of("sleeper");
            case "" -> List.of(first);
            case String _ -> List.of();
          };
      if (!told.isEmpty() || calls.isEmpty()) {
        sink.accept(new Piece.Text(told.isEmpty() ? "hello" : String.join(";", told)));
        return ScriptedEngine.stop(turn, 1);
      }
      for (int i = 0; i < calls.size(); i++) {
        String name = calls.get(i);
        sink.accept(new Piece.ToolCall(i, "call_" + i, name, Piece.ToolCall.Kind.FUNCTION));
        sink.accept(
            new Piece.ToolCallDelta(
                i, name.equals("sleep") ? "{\"duration_seconds\":600}" : "{\"input\":\"task\"}"));
      }
      return ScriptedEngine.stop(turn, 2);
    };
  }

  private static String body(String more, String... agents) {
    List<String> tools = new ArrayList<>();
    for (String agent : agents) {
      tools.add("{\"type\":\"agent\",\"agent_id\":\"" + agent + "\"}");
    }
    return "{\"model\":\"auto\",\"input\":\"x\",\"tools\":["
        + String.join(",", tools)
        + "]"
        + more
        + "}";
  }

  static String begin(Node node, String... agents) {
    Answer made = node.post("/responses", body(",\"background\":true", agents));
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    return made.text("/id");
  }

  private static Answer ended(Node node, String id) {
    Await.until(
        "the end", () -> !node.get("/responses/" + id).text("/status").matches("queued|in_.*"));
    return node.get("/responses/" + id);
  }

  /** The responses that this one has begun, and those that they have, in any state. */
  static List<JsonNode> others(Node node, String id) {
    List<JsonNode> others = new ArrayList<>();
    node.get("/responses?limit=100").json().get("data").forEach(others::add);
    others.removeIf(one -> one.get("id").asString().equals(id));
    return others;
  }

  static boolean sleeps(Node node, String id) {
    return node.get("/responses/" + id).body().contains("\"name\":\"sleep\"");
  }

  @Test
  void anAgentWorksOnItsOwnAndWhatItSaysIsTheCallsOutput() {
    try (Started started = start(delegating("helper"))) {
      Node node = started.node();
      String id = begin(node, "helper");
      Answer done = ended(node, id);
      assertThat(done.text("/status")).as(done.body()).isEqualTo("completed");
      assertThat(done.text("/output_text")).isEqualTo("hello");
      JsonNode call = done.json().at("/output/0");
      assertThat(call.get("type").asString()).isEqualTo("mcp_call");
      assertThat(call.get("server_label").asString()).isEqualTo("antiphon");
      assertThat(call.get("name").asString()).isEqualTo("helper");
      assertThat(call.get("output").asString()).isEqualTo("hello");
      assertThat(call.get("agent_id").asString()).isEqualTo("helper");
      assertThat(call.at("/usage/output_tokens").asInt()).isPositive();
      Answer child = node.get("/responses/" + call.get("response_id").asString());
      assertThat(child.text("/status")).isEqualTo("completed");
      assertThat(child.text("/instructions")).isEqualTo("Be brief.");
      assertThat(child.text("/metadata/parent_response_id")).isEqualTo(id);
      assertThat(others(node, id)).hasSize(1);
      assertThat(
              node.events("/responses/" + id + "?stream=true").stream()
                  .map(e -> Node.json(e).at("/type").asString()))
          .containsSubsequence(
              "response.output_item.added",
              "response.agent_call.in_progress",
              "response.agent_call.completed",
              "response.output_item.done",
              "response.completed");
    }
  }

  @Test
  void severalWorkAtTheSameTimeAndBelongToWhoCalledThem() {
    try (Started started = start(delegating("helper", "second"))) {
      Node node = started.node();
      String tools =
          body(",\"background\":true", "helper")
              .replace(
                  "\"tools\":[",
                  "\"tools\":[{\"type\":\"agent\",\"agent_id\":\"helper\",\"name\":\"second\"},");
      HttpRequest request =
          node.request("/responses")
              .header("X-On-Behalf-Of", "ann")
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(tools))
              .build();
      String id = node.call(request).text("/id");
      Await.until(
          "the end", () -> ann(node, "/responses/" + id).text("/status").equals("completed"));
      Answer done = ann(node, "/responses/" + id);
      assertThat(done.text("/output_text")).isEqualTo("hello;hello");
      String child = done.text("/output/0/response_id");
      assertThat(ann(node, "/responses/" + child).status()).isEqualTo(200);
      assertThat(node.get("/responses/" + child).status()).isEqualTo(404);
    }
  }

  private static Answer ann(Node node, String path) {
    return node.call(node.request(path).header("X-On-Behalf-Of", "ann").GET().build());
  }

  @Test
  void whoWaitsForAnAgentIsNotWokenAndTheAgentIs() {
    try (Started started = start(delegating("sleeper"))) {
      Node node = started.node();
      String id = begin(node, "sleeper");
      Await.until(
          "the agent to sleep",
          () -> others(node, id).stream().anyMatch(one -> sleeps(node, id(one))));
      String message = "{\"input\":\"the tea is ready\"}";
      Answer refused = node.post("/responses/" + id + "/wake", message);
      assertThat(refused.status()).as(refused.body()).isEqualTo(409);
      String agent = id(others(node, id).getFirst());
      assertThat(node.post("/responses/" + agent + "/wake", message).status()).isEqualTo(200);
      Answer done = ended(node, id);
      assertThat(done.text("/status")).isEqualTo("completed");
      assertThat(done.text("/output_text")).contains("the tea is ready");
    }
  }

  @Test
  void aCancelTakesTheAgentsWithItHoweverDeepTheyAre() {
    try (Started started = start(delegating("boss"))) {
      Node node = started.node();
      String id = begin(node, "boss");
      Await.until(
          "the agent's agent to sleep",
          () ->
              others(node, id).size() == 2
                  && others(node, id).stream().anyMatch(one -> sleeps(node, id(one))));
      assertThat(node.post("/responses/" + id + "/cancel", null).text("/status"))
          .isEqualTo("cancelled");
      Await.until(
          "all to be cancelled",
          () ->
              others(node, id).stream()
                  .allMatch(one ->
                      node.get("/responses/" + id(one)).text("/status").equals("cancelled")));
      assertThat(node.get("/responses/" + id).text("/output/0/status")).isEqualTo("incomplete");
    }
  }

  static String id(JsonNode response) {
    return response.get("id").asString();
  }

  @Test
  void anAgentThatIsCancelledFailsItsCallAlone() {
    try (Started started = start(delegating("sleeper"))) {
      Node node = started.node();
      String id = begin(node, "sleeper");
      Await.until(
          "the agent", () -> others(node, id).stream().anyMatch(one -> sleeps(node, id(one))));
      String child = id(others(node, id).getFirst());
      assertThat(node.post("/responses/" + child + "/cancel", null).status()).isEqualTo(200);
      Answer done = ended(node, id);
      assertThat(done.text("/status")).isEqualTo("completed");
      assertThat(done.text("/output/0/status")).isEqualTo("failed");
      assertThat(done.text("/output_text")).contains("ended as cancelled");
      assertThat(node.events("/responses/" + id + "?stream=true"))
          .anyMatch(event -> event.contains("response.agent_call.failed"));
    }
  }

  @Test
  void anAgentThatTakesTooLongIsStopped() {
    try (Started started = start(delegating("hasty"))) {
      Node node = started.node();
      String id = begin(node, "hasty");
      assertThat(ended(node, id).text("/output_text")).contains("stopped after");
      String child = id(others(node, id).getFirst());
      assertThat(node.get("/responses/" + child).text("/status")).isEqualTo("cancelled");
    }
  }

  @Test
  void aRestartForgetsNeitherAndBeginsNothingTwice() {
    String id;
    try (Started started = start(delegating("sleeper"))) {
      String first = begin(started.node(), "sleeper");
      Node node = started.node();
      Await.until(
          "the agent", () -> others(node, first).stream().anyMatch(one -> sleeps(node, id(one))));
      id = first;
    }
    try (Started started = start(delegating("sleeper"))) {
      Node node = started.node();
      assertThat(others(node, id)).hasSize(1);
      String child = id(others(node, id).getFirst());
      assertThat(
              node.post("/responses/" + child + "/wake", "{\"input\":\"the tea is ready\"}")
                  .status())
          .isEqualTo(200);
      assertThat(ended(node, id).text("/output_text")).contains("the tea is ready");
      assertThat(others(node, id)).hasSize(1);
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    try (Started started = start(delegating("helper"))) {
      Node node = started.node();
      for (String more : List.of("", ",\"background\":true,\"store\":false")) {
        Answer refused = node.post("/responses", body(more, "helper"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/message")).contains("background");
      }
      for (String unknown : List.of("nobody", "foreign")) {
        Answer refused = node.post("/responses", body(",\"background\":true", unknown));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/param")).isEqualTo("tools[0].agent_id");
      }
      Answer twice = node.post("/responses", body(",\"background\":true", "helper", "helper"));
      assertThat(twice.text("/error/param")).isEqualTo("tools[1].name");
      assertThat(Stream.of(node.get("/responses").json().get("data")).allMatch(JsonNode::isEmpty))
          .isTrue();
    }
  }
}
