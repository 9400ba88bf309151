package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Ability;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.Engines;
import antiphon.core.engine.ModelMap;
import antiphon.core.engine.Piece;
import antiphon.core.engine.ServedModel;
import antiphon.core.response.Problem;
import antiphon.core.response.Problem.Engine.Kind;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Models under public names, what serves them, and what serves in their place. */
@Timeout(120)
class RoutingTest {

  private static final Script DOWN =
      (_, _) -> {
        throw new EngineException(new Problem.Engine(Kind.UNAVAILABLE, "The engine is down", null));
      };

  /** How many turns the scripted engine takes at once. */
  private static final int PLACES = 64;

  @TempDir Path folder;

  private final ScriptedEngine near = new ScriptedEngine("near", Script.words("from near"));
  private final ScriptedEngine far = new ScriptedEngine("far", Script.words("from far"));
  private Node node;

  @BeforeEach
  void start() {
    ModelMap models =
        new ModelMap(
            List.of(
                ServedModel.of("plain", "near", "near-1").alias("old-name"),
                ServedModel.of("safe", "near", "near-2").fallingBackTo("distant"),
                ServedModel.of("distant", "far", "far-1"),
                ServedModel.of("blind", "far", "far-2")
                    .lacking(Ability.VISION, Ability.TOOLS, Ability.REASONING)),
            "distant");
    node = new Node(folder, new Engines(List.of(near, far), models));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource({
    "plain,    plain,   near-1, near",
    "old-name, plain,   near-1, near",
    "distant,  distant, far-1,  far",
    "auto,     distant, far-1,  far"
  })
  void aNameLeadsToItsEngineAndModel(String asked, String model, String own, String engine) {
    JsonNode made = node.post("/responses", request(asked, "")).json();
    assertThat(made.at("/model").asString()).isEqualTo(model);
    assertThat(made.at("/resolved_model").asString()).isEqualTo(own);
    assertThat(made.at("/resolved_provider").asString()).isEqualTo(engine);
    assertThat(made.at("/output_text").asString()).isEqualTo("from " + engine);
    assertThat(node.get("/responses/" + made.at("/id").asString()).json()).isEqualTo(made);
  }

  @Test
  void theListHasThePublicNamesTheDefaultFirst() {
    assertThat(node.get("/models").json().findValuesAsString("id"))
        .containsExactly("distant", "plain", "safe", "blind");
  }

  @ParameterizedTest
  @ValueSource(strings = {"near-1", "scripted", "nobody"})
  void aNameThatIsNotPublicIsUnknown(String name) {
    Answer answer = node.post("/responses", request(name, ""));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/error/param")).isEqualTo("model");
    assertThat(answer.text("/error/code")).isEqualTo("model_not_found");
  }

  @Test
  void anUnknownFallbackIsNamed() {
    Answer answer =
        node.post("/responses", request("plain", ",\"fallback_models\":[\"distant\",\"nobody\"]"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/error/param")).isEqualTo("fallback_models[1]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "input           | \"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\","
            + "\"image_url\":\"data:image/png;base64,AA==\"}]}]",
        "tools           | \"input\":\"x\",\"tools\":[{\"type\":\"function\",\"name\":\"f\","
            + "\"parameters\":{}}]",
        "reasoning.effort| \"input\":\"x\",\"reasoning\":{\"effort\":\"low\"}"
      })
  void whatAModelCannotDoIsRefusedNamingFieldAndModel(String param, String fields) {
    Answer answer = node.post("/responses", "{\"model\":\"blind\"," + fields + "}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/error/param")).isEqualTo(param);
    assertThat(answer.text("/error/message")).contains("'blind'", param);
    assertThat(far.turns()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"safe,", "plain,',\"fallback_models\":[\"distant\"]'"})
  void anotherModelServesWhenTheFirstFailsBeforeItsOutput(String model, String more) {
    near.script(DOWN);
    JsonNode made = node.post("/responses", request(model, more == null ? "" : more)).json();
    assertThat(made.at("/status").asString()).isEqualTo("completed");
    assertThat(made.at("/model").asString()).isEqualTo(model);
    assertThat(made.at("/resolved_model").asString()).isEqualTo("far-1");
    assertThat(made.at("/resolved_provider").asString()).isEqualTo("far");
    assertThat(made.at("/output_text").asString()).isEqualTo("from far");
    assertThat(far.turns()).hasSize(1);
  }

  @Test
  void inTheBackgroundTheLogSaysWhoServesNow() {
    near.script(DOWN);
    String id = node.post("/responses", request("safe", ",\"background\":true")).text("/id");
    Await.until("it has ended", () -> ended(id));
    assertThat(node.get("/responses/" + id).text("/resolved_provider")).isEqualTo("far");
    List<JsonNode> events =
        node.events("/responses/" + id + "?stream=true").stream().map(Node::json).toList();
    List<String> providers =
        events.stream()
            .filter(event -> event.at("/type").asString().equals("response.in_progress"))
            .map(event -> event.at("/response/resolved_provider").asString())
            .toList();
    assertThat(providers).containsExactly("near", "far");
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).at("/sequence_number").asInt()).isEqualTo(i);
    }
  }

  @Test
  void whatHasBegunStaysWhereItIs() {
    near.script((turn, sink) -> {
      sink.accept(new Piece.Text("half"));
      return DOWN.play(turn, sink);
    });
    Answer answer = node.post("/responses", request("safe", ""));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(far.turns()).isEmpty();
  }

  @Test
  void aRequestThatIsWrongIsWrongEverywhere() {
    near.script((_, _) -> {
      throw new EngineException(new Problem.Invalid("'seed' is too large", "seed", null));
    });
    Answer answer = node.post("/responses", request("safe", ""));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(far.turns()).isEmpty();
  }

  @Test
  void theLastFailureIsTold() {
    near.script(DOWN);
    far.script((_, _) -> {
      throw new EngineException(new Problem.Engine(Kind.TIMEOUT, "far is slow", null));
    });
    Answer answer = node.post("/responses", request("safe", ""));
    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.text("/error/message")).contains("far is slow");
  }

  @Test
  void cancelReachesTheModelThatServesInPlace() {
    near.script(DOWN);
    far.script(new Gate(2).script());
    String id = node.post("/responses", request("safe", ",\"background\":true")).text("/id");
    Await.until("the other engine runs", () -> far.running() == 1);
    Answer cancelled = node.post("/responses/" + id + "/cancel", null);
    assertThat(cancelled.text("/status")).isEqualTo("cancelled");
    assertThat(cancelled.text("/resolved_provider")).isEqualTo("far");
    Await.until("the other engine has stopped", () -> far.stopped() == 1);
  }

  @Test
  void theOldestTurnsAreLeftOutUntilTheEngineTakesTheInput() {
    near.script(tooLongAbove(3));
    String input =
        """
        [{"role":"system","content":"be brief"},
         {"role":"user","content":"first %1$s"},{"role":"assistant","content":"a %1$s"},
         {"role":"user","content":"second %1$s"},{"role":"assistant","content":"b %1$s"},
         {"role":"user","content":"third"}]\
        """
            .formatted("x".repeat(200));
    Answer made = node.post("/responses", "{\"model\":\"plain\",\"input\":" + input + "}");
    assertThat(made.status()).isEqualTo(200);
    assertThat(near.turns().getLast().items().toString())
        .contains("be brief", "third")
        .doesNotContain("first");
    Answer refused =
        node.post(
            "/responses",
            "{\"model\":\"plain\",\"truncation\":\"disabled\",\"input\":" + input + "}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("/error/code")).isEqualTo("context_length_exceeded");
    assertThat(refused.text("/error/message")).isEqualTo("the context is 3 items");
  }

  private static Script tooLongAbove(int items) {
    return (turn, sink) -> {
      if (turn.items().size() > items) {
        throw new EngineException(
            new Problem.Invalid(
                String.format(Locale.ROOT, "the context is %d items", items),
                "input",
                "context_length_exceeded"));
      }
      return Script.words("fits").play(turn, sink);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"/responses/input_tokens"})
  void inputTokensAreCountedAndValidatedAsForACreate(String path) {
    Answer counted = node.post(path, request("plain", ",\"instructions\":\"be brief\""));
    assertThat(counted.status()).isEqualTo(200);
    assertThat(counted.text("/object")).isEqualTo("response.input_tokens");
    assertThat(counted.json().at("/input_tokens").asInt()).isPositive();
    assertThat(counted.json().size()).isEqualTo(2);
    assertThat(near.turns()).isEmpty();
    assertThat(node.post(path, request("nobody", "")).text("/error/param")).isEqualTo("model");
    assertThat(node.post(path, request("plain", ",\"temperature\":9")).text("/error/param"))
        .isEqualTo("temperature");
    assertThat(node.get("/responses").json().at("/data")).isEmpty();
  }

  @Test
  void aBusyEngineStopsNobodyElsesWorkAndItsLineCanBeCancelled() {
    Gate gate = new Gate(1);
    near.script(gate.script());
    for (int i = 0; i < PLACES; i++) {
      assertThat(background("plain").status()).isEqualTo(200);
    }
    Await.until("the engine is full", () -> near.running() == PLACES);
    String waits = background("plain").text("/id");
    assertThat(node.post("/responses", request("distant", "")).text("/output_text"))
        .isEqualTo("from far");
    assertThat(near.running()).isEqualTo(PLACES);
    assertThat(node.post("/responses/" + waits + "/cancel", null).text("/status"))
        .isEqualTo("cancelled");
    String next = background("plain").text("/id");
    gate.pass(PLACES + 1);
    Await.until("the next has its turn", () -> ended(next));
    assertThat(near.turns()).hasSize(PLACES + 1);
  }

  private Answer background(String model) {
    return node.post("/responses", request(model, ",\"background\":true"));
  }

  private boolean ended(String id) {
    String status = node.get("/responses/" + id).text("/status");
    return !status.equals("queued") && !status.equals("in_progress");
  }

  private static String request(String model, String more) {
    return "{\"model\":\"" + model + "\",\"input\":\"Hi\"" + more + "}";
  }
}
