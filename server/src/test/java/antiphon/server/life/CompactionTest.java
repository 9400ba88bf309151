package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Piece;
import antiphon.core.engine.Turn;
import antiphon.protocol.json.Json;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.ScriptedEngine;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Conversations that are summed up, and go on. */
class CompactionTest {

  private static final Pattern FACT = Pattern.compile("FACT-\\d+");

  @TempDir Path folder;

  /** Says all facts that it was told, each once. */
  private static ScriptedEngine remembering() {
    return new ScriptedEngine((turn, sink) -> {
      sink.begun();
      sink.accept(new Piece.Text("I know: " + String.join(" ", facts(turn))));
      return ScriptedEngine.stop(turn, 3);
    });
  }

  private static Set<String> facts(Turn turn) {
    return FACT.matcher(Json.text(turn.items()))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Answer compact(Node node, ObjectNode body) {
    body.put("model", "auto");
    return node.post("/responses/compact", Json.text(body));
  }

  private static ObjectNode object() {
    return Json.mapper().createObjectNode();
  }

  @Test
  void factsOfALongChainAreFoundAndAnOpenCallIsAnswered() {
    ScriptedEngine engine = remembering();
    try (Node node = new Node(folder, engine)) {
      String last = null;
      for (int i = 0; i < 200; i++) {
        ObjectNode turn = object().put("model", "auto").put("previous_response_id", last);
        turn.put("input", "Remember FACT-" + i + ". " + "x".repeat(1500));
        last = node.post("/responses", Json.text(turn)).text("/id");
      }
      ObjectNode asked = object().put("previous_response_id", last);
      asked
          .putArray("input")
          .addObject()
          .put("type", "function_call")
          .put("call_id", "call_1")
          .put("name", "look")
          .put("arguments", "{}");
      Answer compacted = compact(node, asked);
      assertThat(compacted.status()).as(compacted.body()).isEqualTo(200);
      assertThat(compacted.text("/object")).isEqualTo("response.compaction");
      assertThat(compacted.json().at("/usage/total_tokens").asInt()).isPositive();
      ArrayNode output = (ArrayNode) compacted.json().get("output");
      assertThat(output.get(output.size() - 1).at("/call_id").asString()).isEqualTo("call_1");
      assertThat(output.get(output.size() - 2).at("/type").asString()).isEqualTo("compaction");
      assertThat(output.get(output.size() - 3).toString()).contains("FACT-199");
      assertThat(output.get(output.size() - 3).at("/content/0/type").asString())
          .as("in parts, as clients read it, though it came as a text")
          .isEqualTo("input_text");
      assertThat(output.size()).isBetween(10, 60);
      assertThat(compacted.body()).as("sealed").doesNotContain("FACT-3.");

      Answer next = goOn(node, output);
      assertThat(next.status()).as(next.body()).isEqualTo(200);
      assertThat(facts(engine.turns().getLast())).hasSize(200);
      assertThat(next.text("/output/0/content/0/text")).contains("FACT-0 ", "FACT-117 ");
    }
  }

  private static Answer goOn(Node node, ArrayNode output) {
    ObjectNode request = object().put("model", "auto");
    ArrayNode input = request.putArray("input").addAll(output);
    input
        .addObject()
        .put("type", "function_call_output")
        .put("call_id", "call_1")
        .put("output", "seen");
    return node.post("/responses", Json.text(request));
  }

  @Test
  void whatTheSystemSaysIsKeptAndWhatWasCompactedBeforeIsCompactedAgain() {
    try (Node node = new Node(folder, remembering())) {
      ObjectNode first = object();
      ArrayNode input = first.putArray("input");
      input.addObject().put("role", "system").put("content", "Be kind.");
      input.addObject().put("role", "assistant").put("content", "It is FACT-1.");
      input.addObject().put("role", "user").put("content", "Go on.");
      ArrayNode output = (ArrayNode) compact(node, first).json().get("output");
      assertThat(output)
          .extracting(item -> item.at("/type").asString())
          .containsExactly("message", "message", "compaction");
      assertThat(output.get(0).toString()).contains("Be kind.");
      assertThat(output.get(1).toString()).contains("Go on.");
      ObjectNode second = object();
      second.putArray("input").addAll(output);
      JsonNode again = compact(node, second).json();
      ObjectNode third = object().put("model", "auto");
      third.putArray("input").addAll((ArrayNode) again.get("output"));
      assertThat(node.post("/responses", Json.text(third)).text("/output/0/content/0/text"))
          .contains("FACT-1");
    }
  }

  @Test
  void nobodyElseOpensASummary() {
    try (Node node = new Node(folder, remembering())) {
      ObjectNode request = object().put("input", "It is FACT-1.");
      ArrayNode output = (ArrayNode) compact(node, request).json().get("output");
      ObjectNode create = object().put("model", "auto");
      create.putArray("input").addAll(output);
      HttpRequest theirs =
          node.request("/responses")
              .header("Content-Type", "application/json")
              .header("X-On-Behalf-Of", "somebody")
              .POST(HttpRequest.BodyPublishers.ofString(Json.text(create)))
              .build();
      Answer refused = node.call(theirs);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text("/error/param")).isEqualTo("input[1].encrypted_content");
    }
  }

  @Test
  void whatCannotBeCompactedIsRefusedByName() {
    try (Node node = new Node(folder, remembering())) {
      assertThat(compact(node, object()).text("/error/param")).isEqualTo("input");
      assertThat(compact(node, object().put("previous_response_id", "resp_none")).status())
          .isEqualTo(400);
      Answer unknown = node.post("/responses/compact", "{\"model\":\"none\",\"input\":\"x\"}");
      assertThat(unknown.text("/error/code")).isEqualTo("model_not_found");
      assertThat(node.post("/responses/compact", "{\"input\":\"x\"}").text("/error/param"))
          .isEqualTo("model");
    }
  }
}
