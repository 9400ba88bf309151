package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.call.Entry;
import antiphon.core.engine.Piece;
import antiphon.core.engine.Turn;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Signals;
import antiphon.core.store.WakeOutcome;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.core.tool.ToolOutcome;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.tool.FunctionTool;
import antiphon.server.life.Node.Answer;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.tool.ScriptedTools;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose model calls tools that the server runs: several steps, each of them durable. */
class StepsTest {

  private static final String TOOLS =
      "\"tools\":[{\"type\":\"mcp\",\"server_label\":\"scripted\",\"server_url\":"
          + "\"https://tools.example/mcp\",\"require_approval\":\"never\"}]";

  private final ScriptedTools tools =
      new ScriptedTools()
          .with("add", (call, _) -> ScriptedTools.done(call, "sum of " + call.arguments()));

  @TempDir Path folder;

  /** Calls these functions in its first turn, and says what it was told in the next. */
  private static Script calls(String... names) {
    return (turn, sink) -> {
      List<String> outputs = Script.outputs(turn);
      if (!outputs.isEmpty()) {
        sink.accept(new Piece.Text(String.join(";", outputs)));
        return ScriptedEngine.stop(turn, 1);
      }
      for (int i = 0; i < names.length; i++) {
        var function = Piece.ToolCall.Kind.FUNCTION;
        sink.accept(new Piece.ToolCall(i, "call_" + i, names[i], function));
        sink.accept(new Piece.ToolCallDelta(i, "{\"n\":"));
        sink.accept(new Piece.ToolCallDelta(i, i + "}"));
      }
      return ScriptedEngine.stop(turn, 2);
    };
  }

  private static String request(String more) {
    return "{\"model\":\"auto\",\"input\":\"x\"," + TOOLS + more + "}";
  }

  private Storage storage() {
    return Stores.sqlite(folder);
  }

  private Node node(ScriptedEngine engine) {
    return node(engine, ToolLimits.USUAL);
  }

  private Node node(ScriptedEngine engine, ToolLimits limits) {
    return new Node(
        storage(), Node.settings(8, 100), engine, new ServerTools(List.of(tools), limits));
  }

  @Test
  void aCallIsRunAndTheModelGoesOnWithWhatCameOfIt() {
    ScriptedEngine engine = new ScriptedEngine(calls("add"));
    try (Node node = node(engine)) {
      Answer done = node.post("/responses", request(""));
      assertThat(done.status()).as(done.body()).isEqualTo(200);
      assertThat(done.text("/status")).isEqualTo("completed");
      assertThat(done.text("/output/0/type")).isEqualTo("mcp_call");
      assertThat(done.text("/output/0/output")).isEqualTo("sum of {\"n\":0}");
      assertThat(done.text("/output_text")).isEqualTo("sum of {\"n\":0}");
      assertThat(done.json().at("/usage/output_tokens").asInt()).isEqualTo(3);
      assertThat(done.json().at("/usage/input_tokens").asInt()).isEqualTo(20);
      Turn first = engine.turns().getFirst();
      assertThat(first.request().tools())
          .as("functions in place of the server's tools")
          .singleElement()
          .isInstanceOf(FunctionTool.class);
      assertThat(engine.turns().getLast().items())
          .hasSize(3)
          .element(1)
          .isInstanceOf(FunctionCall.class);
    }
  }

  @Test
  void readersSeeTheSameEventsLiveAndAfterwards() {
    try (Node node = node(new ScriptedEngine(calls("add", "add")))) {
      String id =
          node.post("/responses", request(",\"background\":true,\"stream\":false")).text("/id");
      List<String> live = node.events("/responses/" + id + "?stream=true");
      List<String> after = node.events("/responses/" + id + "?stream=true");
      assertThat(after).isEqualTo(live);
      for (int i = 0; i < live.size(); i++) {
        assertThat(live.get(i)).contains("\"sequence_number\":" + i + ",");
      }
      assertThat(live.stream().map(e -> Node.json(e).at("/type").asString()))
          .containsSubsequence(
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

  @Test
  void callsOfOneTurnRunAtTheSameTimeAndKeepTheirOrder() {
    CyclicBarrier both = new CyclicBarrier(2);
    tools.with(
        "meet",
        (call, _) -> {
          try {
            both.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw e;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return ScriptedTools.done(call, "met " + call.callId());
        });
    try (Node node = node(new ScriptedEngine(calls("meet", "meet")))) {
      Answer done = node.post("/responses", request(""));
      assertThat(done.text("/output_text")).isEqualTo("met call_0;met call_1");
      assertThat(done.text("/output/1/output")).isEqualTo("met call_1");
    }
  }

  @Test
  void aToolThatFailsIsTheModelsToSee() {
    tools.with(
        "fail",
        (_, _) -> {
          throw new IllegalStateException("no luck");
        });
    try (Node node = node(new ScriptedEngine(calls("fail")))) {
      Answer done = node.post("/responses", request(""));
      assertThat(done.text("/status")).isEqualTo("completed");
      assertThat(done.text("/output_text")).isEqualTo("The tool failed.");
      assertThat(done.text("/output/0/status")).isEqualTo("failed");
    }
  }

  @Test
  void aToolThatTakesTooLongIsStopped() {
    tools.with("hang", (_, _) -> hang());
    ToolLimits limits = new ToolLimits(Duration.ofMillis(200), 1000, 30);
    try (Node node = node(new ScriptedEngine(calls("hang")), limits)) {
      Answer done = node.post("/responses", request(""));
      assertThat(done.text("/output_text")).startsWith("The call was stopped after");
      assertThat(tools.stopped()).hasSize(1);
    }
  }

  private static ToolOutcome hang() throws InterruptedException {
    new CountDownLatch(1).await();
    throw new IllegalStateException("cannot be");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancelStopsATool(boolean background) throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    tools.with(
        "hang",
        (_, _) -> {
          running.countDown();
          return hang();
        });
    try (Node node = node(new ScriptedEngine(calls("add", "hang")))) {
      String kind = background ? ",\"background\":true" : ",\"stream\":true";
      Thread.startVirtualThread(() -> node.post("/responses", request(kind)));
      running.await();
      // A stream's row may be written a few milliseconds after its first event.
      Await.until("it is listed", () -> !node.get("/responses").text("/data/0/id").isEmpty());
      String id = node.get("/responses").text("/data/0/id");
      Await.until(
          "the other call is over",
          () -> node.get("/responses/" + id).text("/output/0/status").equals("completed"));
      Answer cancelled = node.post("/responses/" + id + "/cancel", null);
      assertThat(cancelled.text("/status")).isEqualTo("cancelled");
      assertThat(cancelled.text("/output/0/status")).isEqualTo("completed");
      assertThat(cancelled.text("/output/1/status")).isEqualTo("incomplete");
      assertThat(cancelled.text("/output/1/arguments")).isEqualTo("{\"n\":1}");
      Await.until("the tool has stopped", () -> tools.stopped().size() == 1);
      assertThat(node.get("/responses/" + id).body()).isEqualTo(cancelled.body());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCallThatMayHaveRunIsNotRunAgainUnlessThatIsHarmless(boolean harmless) throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    tools.with(
        "slow",
        (call, _) -> {
          running.countDown();
          return call.attempt() == 1 ? hang() : ScriptedTools.done(call, "twice");
        });
    if (harmless) {
      tools.repeatable();
    }
    String id;
    try (Node node = node(new ScriptedEngine(calls("add", "slow")))) {
      id = node.post("/responses", request(",\"background\":true")).text("/id");
      running.await();
      Await.until(
          "the other call is over",
          () -> node.get("/responses/" + id).text("/output/0/status").equals("completed"));
    }
    try (Node node = node(new ScriptedEngine(calls("add", "slow")))) {
      Await.until(
          "the end", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      Answer done = node.get("/responses/" + id);
      assertThat(done.json().at("/output").size()).isEqualTo(3);
      assertThat(done.text("/output_text"))
          .startsWith("sum of {\"n\":0};")
          .endsWith(harmless ? "twice" : "it was not run again.");
      assertThat(tools.begun().stream().filter(c -> c.function().equals("add"))).hasSize(1);
      assertThat(tools.begun()).hasSize(harmless ? 3 : 2);
    }
  }

  @Test
  void aTurnThatBrokeOffWhileItCalledIsBegunAnew() throws Exception {
    CountDownLatch calling = new CountDownLatch(1);
    Script breaksOff =
        (turn, sink) -> {
          sink.accept(new Piece.ToolCall(0, "call_a", "add", Piece.ToolCall.Kind.FUNCTION));
          sink.accept(new Piece.ToolCallDelta(0, "{}"));
          sink.accept(new Piece.ToolCall(1, "call_b", "add", Piece.ToolCall.Kind.FUNCTION));
          sink.accept(new Piece.ToolCallDelta(1, "{\"half"));
          calling.countDown();
          new CountDownLatch(1).await();
          return ScriptedEngine.stop(turn, 1);
        };
    String id;
    try (Node node = node(new ScriptedEngine(breaksOff))) {
      id = node.post("/responses", request(",\"background\":true")).text("/id");
      calling.await();
    }
    assertThat(tools.begun()).isEmpty();
    try (Node node = node(new ScriptedEngine(calls("add")))) {
      Await.until(
          "the end", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      Answer done = node.get("/responses/" + id);
      assertThat(done.json().at("/output").size()).as(done.body()).isEqualTo(2);
      assertThat(tools.begun()).hasSize(1);
      assertThat(done.text("/output_text")).isEqualTo("sum of {\"n\":0}");
    }
  }

  @Test
  void aResponseThatWaitsIsWokenOnceAndHoldsNothingMeanwhile() {
    tools.with(
        "wait",
        (call, _) ->
            call.wake() == null
                ? new ToolOutcome.Waits(Instant.now().plusSeconds(600), "left", List.of())
                : ScriptedTools.done(
                    call, "woken: " + call.wake().message() + " " + call.wake().state()));
    Storage storage = storage();
    ServerTools served = new ServerTools(List.of(tools), ToolLimits.USUAL);
    ScriptedEngine engine = new ScriptedEngine(calls("wait"));
    try (Node node = new Node(storage, Node.settings(8, 100), engine, served)) {
      String id = node.post("/responses", request(",\"background\":true")).text("/id");
      ResponseId key = new ResponseId(Owner.account("tests"), id);
      Await.until(
          "it waits",
          () -> tools.begun().size() == 1 && !storage.responses().find(key).orElseThrow().leased());
      assertThat(node.get("/responses/" + id).text("/status")).isEqualTo("in_progress");
      byte[] entry = new Entry.Woken(null, "go on").json();
      assertThat(storage.responses().wake(key, entry)).isEqualTo(WakeOutcome.WOKEN);
      assertThat(storage.responses().wake(key, entry)).isEqualTo(WakeOutcome.NOT_WAITING);
      storage.signals().publish(new Signals.Signal.Queue());
      Await.until(
          "the end", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      assertThat(node.get("/responses/" + id).text("/output_text")).isEqualTo("woken: go on left");
      assertThat(engine.turns()).hasSize(2);
      List<String> events = node.events("/responses/" + id + "?stream=true");
      for (int i = 0; i < events.size(); i++) {
        assertThat(events.get(i)).contains("\"sequence_number\":" + i + ",");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTimeThatComesWakesToo(boolean background) {
    tools.with(
        "nap",
        (call, _) ->
            call.wake() == null
                ? new ToolOutcome.Waits(Instant.now().plusMillis(300), "", List.of())
                : ScriptedTools.done(call, "awake"));
    try (Node node = node(new ScriptedEngine(calls("nap")))) {
      String id =
          node.post("/responses", request(background ? ",\"background\":true" : "")).text("/id");
      Await.until(
          "the end", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      assertThat(node.get("/responses/" + id).text("/output_text")).isEqualTo("awake");
    }
  }

  @Test
  void aResponseThatWaitsIsCancelledAtOnceAndSurvivesARestart() {
    tools.with(
        "wait", (_, _) -> new ToolOutcome.Waits(Instant.now().plusSeconds(600), "left", List.of()));
    String id;
    try (Node node = node(new ScriptedEngine(calls("wait")))) {
      id = node.post("/responses", request(",\"background\":true")).text("/id");
      Await.until("it was called", () -> tools.begun().size() == 1);
    }
    try (Node node = node(new ScriptedEngine(calls("wait")))) {
      assertThat(node.get("/responses/" + id).text("/status")).isEqualTo("in_progress");
      Answer cancelled = node.post("/responses/" + id + "/cancel", null);
      assertThat(cancelled.text("/status")).isEqualTo("cancelled");
      assertThat(cancelled.text("/output/0/type")).isEqualTo("mcp_call");
      assertThat(node.get("/responses/" + id).body()).isEqualTo(cancelled.body());
    }
  }

  @Test
  void moreCallsThanAllowedAreNotRunAndTheModelIsTold() {
    ScriptedEngine engine = new ScriptedEngine(calls("add", "add"));
    try (Node node = node(engine)) {
      Answer done = node.post("/responses", request(",\"max_tool_calls\":1"));
      assertThat(done.text("/output_text"))
          .isEqualTo(
              "sum of {\"n\":0};The call was not run: the response has made all its tool calls.");
      assertThat(tools.begun()).hasSize(1);
      assertThat(engine.turns().getLast().request().tools()).isEmpty();
    }
  }

  @Test
  void whatFollowsInTheChainSeesTheCallAndWhatCameOfIt() {
    ScriptedEngine engine = new ScriptedEngine(calls("add"));
    try (Node node = node(engine)) {
      String id = node.post("/responses", request("")).text("/id");
      engine.script(Script.words("fine"));
      Answer next =
          node.post(
              "/responses",
              "{\"model\":\"auto\",\"input\":\"y\",\"previous_response_id\":\"" + id + "\"}");
      assertThat(next.text("/status")).isEqualTo("completed");
      assertThat(engine.turns().getLast().items().stream().map(Item::type))
          .containsExactly(
              "message", "function_call", "function_call_output", "message", "message");
    }
  }
}
