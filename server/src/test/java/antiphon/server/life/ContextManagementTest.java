package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.Piece;
import antiphon.core.engine.Turn;
import antiphon.core.response.Problem;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.protocol.json.Json;
import antiphon.server.life.Node.Answer;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.Await;
import antiphon.testkit.tool.ScriptedTools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Responses whose context is compacted as they run. */
class ContextManagementTest {

  private static final Pattern FACT = Pattern.compile("FACT-\\d+");
  private static final String LONG = "x".repeat(1500);

  @TempDir Path folder;

  private static boolean sumsUp(Turn turn) {
    return String.valueOf(turn.request().instructions()).contains("Write one summary");
  }

  private static Set<String> facts(Turn turn) {
    return FACT.matcher(Json.text(turn.items()))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Says all facts that it was told, each once; a summary takes fifty tokens. */
  private static final Script REMEMBERING =
      (turn, sink) -> {
        sink.accept(new Piece.Text("I know: " + String.join(" ", facts(turn))));
        return ScriptedEngine.stop(turn, sumsUp(turn) ? 50 : 3);
      };

  private static ObjectNode object() {
    return Json.mapper().createObjectNode();
  }

  private static ObjectNode request(int threshold) {
    ObjectNode request = object().put("model", "auto");
    request
        .putArray("context_management")
        .addObject()
        .put("type", "compaction")
        .put("compact_threshold", threshold);
    return request;
  }

  private static Answer create(Node node, ObjectNode request) {
    Answer answer = node.post("/responses", Json.text(request));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static List<String> types(JsonNode output) {
    List<String> types = new ArrayList<>();
    output.forEach(item -> types.add(item.path("type").asString("")));
    return types;
  }

  /** The turns in which it did not sum up. */
  private static List<Turn> answers(ScriptedEngine engine) {
    return engine.turns().stream().filter(turn -> !sumsUp(turn)).toList();
  }

  @Test
  void aChainIsCompactedAgainAndAgainAndItsFactsAreFound() {
    ScriptedEngine engine = new ScriptedEngine(REMEMBERING);
    try (Node node = new Node(folder, engine)) {
      String last = null;
      int compacted = 0;
      for (int i = 0; i < 40; i++) {
        ObjectNode turn = request(5000).put("previous_response_id", last);
        turn.put("input", "Remember FACT-" + i + ". " + LONG);
        Answer answer = create(node, turn);
        last = answer.text("/id");
        List<String> types = types(answer.json().get("output"));
        assertThat(types.getLast()).isEqualTo("message");
        compacted += types.size() - 1;
        assertThat(facts(answers(engine).getLast())).as("turn %s", i).hasSize(i + 1);
      }
      assertThat(compacted).isBetween(1, 39);
      assertThat(answers(engine).getLast().items().size())
          .as("what was compacted is not told word for word")
          .isLessThan(2 * 40 + 1);
    }
  }

  @Test
  void aStreamShowsTheItemBeforeTheAnswer() {
    try (Node node = new Node(folder, new ScriptedEngine(REMEMBERING))) {
      ObjectNode turn = request(1000).put("input", "It is FACT-7. " + LONG.repeat(4));
      String stream = node.post("/responses", Json.text(turn.put("stream", true))).body();
      assertThat(stream.indexOf("\"type\":\"compaction\""))
          .isPositive()
          .isLessThan(stream.indexOf("response.output_text.delta"));
      assertThat(stream).contains("I know: FACT-7").contains("response.completed");
    }
  }

  @Test
  void aClientMayDropWhatCameBeforeTheItem() {
    ScriptedEngine engine = new ScriptedEngine(REMEMBERING);
    try (Node node = new Node(folder, engine)) {
      ObjectNode first = request(1000).put("store", false);
      ArrayNode input = first.putArray("input");
      input.addObject().put("role", "system").put("content", "Be kind.");
      input.addObject().put("role", "user").put("content", "It is FACT-1. " + LONG.repeat(4));
      input.addObject().put("role", "assistant").put("content", "It is FACT-2.");
      input.addObject().put("role", "user").put("content", "Go on.");
      ArrayNode output = (ArrayNode) create(node, first).json().get("output");
      assertThat(types(output)).containsExactly("compaction", "message");
      assertThat(output.get(0).toString()).as("sealed").doesNotContain("FACT");

      ObjectNode pruned = object().put("model", "auto");
      pruned.putArray("input").addAll(output).addObject().put("role", "user").put("content", "?");
      create(node, pruned);
      Turn seen = answers(engine).getLast();
      assertThat(facts(seen)).containsExactlyInAnyOrder("FACT-1", "FACT-2");
      assertThat(Json.text(seen.items())).contains("Be kind.", "Go on.");

      ObjectNode whole = object().put("model", "auto");
      whole.putArray("input").addAll(input).addAll(output);
      create(node, whole);
      assertThat(answers(engine).getLast().items())
          .as("the same without what the client need not have sent")
          .hasSize(seen.items().size() - 1);
    }
  }

  @Test
  void messagesThatAClientHasKeptStandAsTheyAre() {
    ScriptedEngine engine = new ScriptedEngine(REMEMBERING);
    try (Node node = new Node(folder, engine)) {
      ObjectNode first = object().put("model", "auto").put("input", "It is FACT-1.");
      JsonNode item = triggered(node, first.put("store", false)).at("/output/0");
      ObjectNode next = object().put("model", "auto");
      ArrayNode input = next.putArray("input");
      input.addObject().put("role", "developer").put("content", "A new rule.");
      input.add(item);
      input.addObject().put("role", "user").put("content", "What is it?");
      create(node, next);
      String seen = Json.text(answers(engine).getLast().items());
      assertThat(seen).contains("A new rule.", "I know: FACT-1").doesNotContain("It is FACT-1.");
    }
  }

  /** The response to a request whose input is followed by the wish to compact. */
  private static JsonNode triggered(Node node, ObjectNode request) {
    JsonNode before = request.remove("input");
    ArrayNode input = request.putArray("input");
    if (before != null && before.isString()) {
      input.addObject().put("role", "user").put("content", before.asString());
    } else if (before != null) {
      input.addAll((ArrayNode) before);
    }
    input.addObject().put("type", "compaction_trigger");
    return create(node, request).json();
  }

  @Test
  void aTriggerMakesOneItemAndAnOpenCallCanStillBeAnswered() {
    ScriptedEngine engine = new ScriptedEngine(REMEMBERING);
    try (Node node = new Node(folder, engine)) {
      ObjectNode asked = object().put("model", "auto");
      ArrayNode input = asked.putArray("input");
      input.addObject().put("role", "user").put("content", "It is FACT-1.");
      input.addObject().put("role", "assistant").put("content", "I look for FACT-2.");
      input
          .addObject()
          .put("type", "function_call")
          .put("call_id", "call_1")
          .put("name", "look")
          .put("arguments", "{}");
      JsonNode made = triggered(node, asked);
      assertThat(made.path("status").asString()).isEqualTo("completed");
      assertThat(types(made.get("output"))).containsExactly("compaction");
      assertThat(made.at("/usage/output_tokens").asInt()).isEqualTo(50);
      assertThat(engine.turns()).as("the model does nothing else").hasSize(1);

      ObjectNode next = object().put("model", "auto");
      next.put("previous_response_id", made.path("id").asString());
      ArrayNode answer = next.putArray("input");
      answer
          .addObject()
          .put("type", "function_call_output")
          .put("call_id", "call_1")
          .put("output", "seen");
      create(node, next);
      assertThat(Json.text(engine.turns().getLast().items()))
          .contains("I know: FACT-1 FACT-2", "\"call_1\"", "seen")
          .doesNotContain("compaction_trigger");
    }
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    try (Node node = new Node(folder, new ScriptedEngine(REMEMBERING))) {
      refused(node, "[{\"type\":\"other\"}]", "context_management[0].type");
      refused(
          node,
          "[{\"type\":\"compaction\",\"compact_threshold\":999}]",
          "context_management[0].compact_threshold");
      refused(
          node,
          "[{\"type\":\"compaction\",\"compact_threshold\":\"5000\"}]",
          "context_management[0].compact_threshold");
      refused(node, "[1]", "context_management[0].type");
      ObjectNode early = object().put("model", "auto");
      ArrayNode input = early.putArray("input");
      input.addObject().put("type", "compaction_trigger");
      input.addObject().put("role", "user").put("content", "x");
      Answer answer = node.post("/responses", Json.text(early));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text("/error/param")).isEqualTo("input[0]");
    }
  }

  private static void refused(Node node, String value, String param) {
    Answer answer =
        node.post(
            "/responses",
            "{\"model\":\"auto\",\"input\":\"x\",\"context_management\":" + value + "}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.text("/error/param")).isEqualTo(param);
  }

  @Test
  void aSummaryThatFailsIsNoEndUnlessItWasAllThatWasAskedFor() {
    Script script =
        (turn, sink) -> {
          if (sumsUp(turn)) {
            throw new EngineException(
                new Problem.Engine(Problem.Engine.Kind.BROKEN, "no summary today", null));
          }
          return REMEMBERING.play(turn, sink);
        };
    try (Node node = new Node(folder, new ScriptedEngine(script))) {
      Answer answer = create(node, request(1000).put("input", "FACT-1 " + LONG.repeat(4)));
      assertThat(types(answer.json().get("output"))).containsExactly("message");
      assertThat(answer.text("/output/0/content/0/text")).isEqualTo("I know: FACT-1");
      ObjectNode asked = object().put("model", "auto");
      asked.putArray("input").addObject().put("type", "compaction_trigger");
      assertThat(node.post("/responses", Json.text(asked)).body()).contains("no summary today");
    }
  }

  @Test
  void aSummaryIsNoPartOfWhatTheModelMaySay() {
    ScriptedEngine engine = new ScriptedEngine(REMEMBERING);
    try (Node node = new Node(folder, engine)) {
      ObjectNode turn = request(1000).put("input", "FACT-1 " + LONG.repeat(4));
      Answer answer = create(node, turn.put("max_output_tokens", 20));
      assertThat(answer.text("/status")).isEqualTo("completed");
      assertThat(answers(engine).getLast().request().maxOutputTokens()).isEqualTo(20L);
      assertThat(answer.json().at("/usage/output_tokens").asInt()).isEqualTo(53);
    }
  }

  @Test
  void aConversationGoesOnFromItsCompaction() {
    ScriptedEngine engine = new ScriptedEngine(REMEMBERING);
    try (Node node = new Node(folder, engine)) {
      String id = node.post("/conversations", "{}").text("/id");
      for (int i = 0; i < 6; i++) {
        ObjectNode turn = request(2000).put("conversation", id);
        create(node, turn.put("input", "FACT-" + i + " " + LONG));
        assertThat(facts(answers(engine).getLast())).hasSize(i + 1);
      }
      String items = node.get("/conversations/" + id + "/items?limit=100").body();
      assertThat(items).contains("\"compaction\"").contains("FACT-0 ");
    }
  }

  @Test
  void aRestartInTheMiddleOfASummaryMakesItOnce() {
    AtomicBoolean hangs = new AtomicBoolean(true);
    Script script =
        (turn, sink) -> {
          if (sumsUp(turn) && hangs.get()) {
            Thread.sleep(60_000);
          }
          return REMEMBERING.play(turn, sink);
        };
    ScriptedEngine engine = new ScriptedEngine(script);
    String id;
    try (Node node = node(engine)) {
      ObjectNode turn = request(1000).put("background", true);
      id = create(node, turn.put("input", "FACT-1 " + LONG.repeat(4))).text("/id");
      Await.until("the summary", () -> engine.running() == 1);
    }
    hangs.set(false);
    try (Node node = node(engine)) {
      Await.until(
          "the end", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      JsonNode output = node.get("/responses/" + id).json().get("output");
      assertThat(types(output)).containsExactly("compaction", "message");
    }
  }

  @Test
  void whatToolsGiveIsCompactedBetweenTheModelsTurns() {
    ScriptedTools tools =
        new ScriptedTools()
            .with("look", (call, _) -> ScriptedTools.done(call, "FACT-9 " + LONG.repeat(4)));
    Script script =
        (turn, sink) -> {
          if (sumsUp(turn) || facts(turn).contains("FACT-9")) {
            return REMEMBERING.play(turn, sink);
          }
          sink.accept(new Piece.ToolCall(0, "call_1", "look", Piece.ToolCall.Kind.FUNCTION));
          sink.accept(new Piece.ToolCallDelta(0, "{}"));
          return ScriptedEngine.stop(turn, 1);
        };
    ScriptedEngine engine = new ScriptedEngine(script);
    Storage storage = Stores.sqlite(folder);
    try (Node node =
        new Node(
            storage,
            Node.settings(8, 100),
            engine,
            new ServerTools(List.of(tools), ToolLimits.USUAL))) {
      ObjectNode turn = request(1200).put("input", "Look.");
      turn.putArray("tools")
          .addObject()
          .put("type", "mcp")
          .put("server_label", "scripted")
          .put("server_url", "https://tools.example/mcp")
          .put("require_approval", "never");
      Answer answer = create(node, turn);
      assertThat(types(answer.json().get("output")))
          .containsExactly("mcp_call", "compaction", "message");
      assertThat(Json.text(answers(engine).getLast().items())).contains("Look.", "I know: FACT-9");
      assertThat(tools.begun()).hasSize(1);
    }
  }

  private Node node(ScriptedEngine engine) {
    Storage storage = Stores.sqlite(folder);
    return new Node(storage, engine, new ReasoningSeal(new byte[32]), ServerTools.NONE);
  }
}
