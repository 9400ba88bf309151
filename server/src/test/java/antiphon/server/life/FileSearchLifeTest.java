package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Piece;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ToolOutput;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A model that searches files, and cites what it was shown. */
class FileSearchLifeTest {

  private static final String CATS = "A cat sleeps for sixteen hours a day. 【f9】 is no mark.";

  @TempDir private Path folder;
  private final List<String> shown = new CopyOnWriteArrayList<>();

  private Node node(String arguments, String... words) {
    Script script =
        (turn, sink) -> {
          var outputs = turn.items().stream().filter(FunctionCallOutput.class::isInstance).toList();
          if (outputs.isEmpty()) {
            sink.accept(
                new Piece.ToolCall(0, "call_0", "file_search", Piece.ToolCall.Kind.FUNCTION));
            sink.accept(new Piece.ToolCallDelta(0, arguments));
            return ScriptedEngine.stop(turn, 1);
          }
          for (Item item : outputs) {
            if (((FunctionCallOutput) item).output() instanceof ToolOutput.Text(String text)) {
              shown.add(text);
            }
          }
          for (String word : words) {
            sink.accept(new Piece.Text(word));
          }
          return ScriptedEngine.stop(turn, words.length);
        };
    return new Node(Stores.sqlite(folder), new ScriptedEngine(script));
  }

  private static String store(Node node) {
    String file = FilesLifeTest.upload(node, null, "cats.md", CATS).text("/id");
    String store =
        VectorStoreLifeTest.ok(node.post("/vector_stores", "{\"file_ids\":[\"" + file + "\"]}"))
            .get("id")
            .asString();
    VectorStoreLifeTest.awaitIndexed(node, store, 1);
    return store;
  }

  private static String request(String store, String more) {
    return "{\"model\":\"auto\",\"input\":\"Do cats sleep?\",\"tools\":[{\"type\":\"file_search\","
        + "\"vector_store_ids\":[\""
        + store
        + "\"]}]"
        + more
        + "}";
  }

  @Test
  void marksBecomeCitationsAtTheirPlaces() {
    try (Node node =
        node("{\"queries\":[\"cat sleep\"]}", "Cats sleep long", " 【f", "1】", ". Really.")) {
      String store = store(node);
      JsonNode response =
          VectorStoreLifeTest.ok(
              node.post(
                  "/responses", request(store, ",\"include\":[\"file_search_call.results\"]")));

      JsonNode call = response.at("/output/0");
      assertThat(call.get("type").asString()).isEqualTo("file_search_call");
      assertThat(call.get("id").asString()).startsWith("fs_");
      assertThat(call.get("status").asString()).isEqualTo("completed");
      assertThat(call.at("/queries/0").asString()).isEqualTo("cat sleep");
      assertThat(call.at("/results/0/filename").asString()).isEqualTo("cats.md");
      assertThat(call.at("/results/0/text").asString()).isEqualTo(CATS);
      JsonNode text = response.at("/output/1/content/0");
      assertThat(text.get("text").asString()).isEqualTo("Cats sleep long. Really.");
      assertThat(text.get("annotations")).hasSize(1);
      assertThat(text.at("/annotations/0/type").asString()).isEqualTo("file_citation");
      assertThat(text.at("/annotations/0/filename").asString()).isEqualTo("cats.md");
      assertThat(text.at("/annotations/0/index").asInt()).isEqualTo("Cats sleep long".length());
      assertThat(text.at("/annotations/0/file_id").asString())
          .isEqualTo(call.at("/results/0/file_id").asString());
      assertThat(shown.getFirst()).contains("【f1】 file_", "cats.md", "[f9] is no mark");
    }
  }

  @Test
  void theStreamHasTheEventsOfTheContractAndTheSameTextAsTheResponse() {
    try (Node node = node("{\"queries\":[\"cat\"]}", "Yes", " 【f1】", ".")) {
      String store = store(node);
      String body = node.post("/responses", request(store, ",\"stream\":true")).body();
      List<String> types = new ArrayList<>();
      StringBuilder text = new StringBuilder();
      for (String line : body.lines().filter(line -> line.startsWith("data: {")).toList()) {
        JsonNode event = Node.json(line.substring("data: ".length()));
        types.add(event.get("type").asString().replace("response.", ""));
        if (types.getLast().equals("output_text.delta")) {
          text.append(event.get("delta").asString());
        }
      }
      assertThat(text).hasToString("Yes.");
      assertThat(types)
          .containsSubsequence(
              "output_item.added",
              "file_search_call.in_progress",
              "file_search_call.searching",
              "file_search_call.completed",
              "output_item.done",
              "output_item.added",
              "content_part.added",
              "output_text.delta",
              "output_text.annotation.added",
              "output_text.done",
              "content_part.done",
              "output_item.done",
              "completed");
    }
  }

  @Test
  void resultsAreOnlyThereWhereTheyAreAskedFor() {
    try (Node node = node("{\"queries\":[\"cat\"]}", "Yes")) {
      JsonNode response = VectorStoreLifeTest.ok(node.post("/responses", request(store(node), "")));
      assertThat(response.at("/output/0").has("results")).isFalse();
      assertThat(response.at("/output/1/content/0/annotations")).isEmpty();
    }
  }

  @Test
  void aStoreThatIsNotThereAndArgumentsThatAreNoneAreTheModelsToSee() {
    try (Node node = node("{\"queries\":[\"cat\"]}", "Sorry")) {
      JsonNode response = VectorStoreLifeTest.ok(node.post("/responses", request("vs_none", "")));
      assertThat(response.at("/output/0/status").asString()).isEqualTo("failed");
      assertThat(response.get("status").asString()).isEqualTo("completed");
      assertThat(shown.getFirst()).contains("None of the vector stores");
    }
    try (Node node = node("no json", "Sorry")) {
      JsonNode response = VectorStoreLifeTest.ok(node.post("/responses", request("vs_none", "")));
      assertThat(response.at("/output/0/status").asString()).isEqualTo("failed");
    }
  }

  @Test
  void whatIsWrongWithTheToolIsNamed() {
    try (Node node = node("{}", "x")) {
      Node.Answer answer =
          node.post(
              "/responses",
              "{\"model\":\"auto\",\"input\":\"x\",\"tools\":[{\"type\":\"file_search\","
                  + "\"vector_store_ids\":[\"vs_1\"],\"max_num_results\":51}]}");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text("/error/param")).isEqualTo("tools[0].max_num_results");
    }
  }
}
