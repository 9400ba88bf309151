package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Piece;
import antiphon.core.engine.Turn;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.json.Json;
import antiphon.server.life.Node.Answer;
import antiphon.server.settings.DataFolder;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that are remembered, and models that look into them. */
class HistoryLifeTest {

  private static final String TELL = "My cat is called Zebulon and likes marzipan.";
  private static final String ASK = "{\"query\":\"name of the cat\"}";

  @TempDir Path folder;

  /** Told something it says "noted"; asked something it looks into the memory, and says that. */
  private Node node() {
    Script look = Script.call("history", ASK);
    return new Node(
        Stores.sqlite(folder),
        new ScriptedEngine((turn, sink) -> {
          if (asks(turn)) {
            return look.play(turn, sink);
          }
          sink.accept(new Piece.Text("noted"));
          return ScriptedEngine.stop(turn, 1);
        }));
  }

  private static boolean asks(Turn turn) {
    return turn.items().stream().anyMatch(item -> isQuestion(item));
  }

  private static boolean isQuestion(Item item) {
    return item instanceof Message && Json.text(item).contains("?");
  }

  private static String body(String input, String more) {
    return "{\"model\":\"auto\",\"input\":\""
        + input
        + "\",\"tools\":[{\"type\":\"history\"}]"
        + more
        + "}";
  }

  private static Answer post(Node node, @Nullable String user, String body) {
    return call(node, user, "POST", "/responses", body);
  }

  private static Answer call(
      Node node, @Nullable String user, String method, String path, String body) {
    HttpRequest.Builder request =
        node.request(path)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (user != null) {
      request.header("X-On-Behalf-Of", user);
    }
    Answer answer = node.call(request.build());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static String recalled(Node node, @Nullable String user) {
    return post(node, user, body("What is my cat called?", ",\"store\":false"))
        .text("/output_text");
  }

  private static void awaitRecalled(Node node, @Nullable String user) {
    Await.until("it is remembered", () -> recalled(node, user).contains("Zebulon"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"background\":true", ",\"stream\":true"})
  void whatWasSaidIsFoundAgainByItsOwnerAlone(String kind) {
    try (Node node = node()) {
      var _ = post(node, "ann", body(TELL, kind));
      awaitRecalled(node, "ann");
      Answer found = post(node, "ann", body("What is my cat called?", ""));
      assertThat(found.text("/output/0/type")).isEqualTo("mcp_call");
      assertThat(found.text("/output/0/name")).isEqualTo("history");
      assertThat(found.text("/output/0/status")).isEqualTo("completed");
      assertThat(found.text("/output_text")).contains("User: " + TELL, "Assistant: noted");
      for (String other : new String[] {"bob", null}) {
        assertThat(recalled(node, other)).isEqualTo("Nothing was found.");
      }
      Answer stranger =
          node.call(
              HttpRequest.newBuilder(node.uri("/responses"))
                  .header("Authorization", "Bearer " + node.otherKey())
                  .header("X-On-Behalf-Of", "ann")
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body("What is my cat called?", "")))
                  .build());
      assertThat(stranger.text("/output_text")).isEqualTo("Nothing was found.");
      assertThat(node.get("/vector_stores/memory").status()).isEqualTo(404);
      assertThat(call(node, "ann", "GET", "/vector_stores", "").json().get("data")).isEmpty();
    }
  }

  @Test
  void theStreamHasTheEventsOfTheContract() {
    try (Node node = node()) {
      String body = post(node, null, body("What?", ",\"stream\":true")).body();
      List<String> types =
          body.lines()
              .filter(line -> line.startsWith("event: "))
              .map(line -> line.substring("event: ".length()))
              .toList();
      assertThat(types)
          .containsSubsequence(
              "response.output_item.added",
              "response.history_call.in_progress",
              "response.history_call.searching",
              "response.history_call.completed",
              "response.output_item.done",
              "response.completed");
      assertThat(body)
          .contains("\"args\":" + ASK, "\"function_call_output\":\"Nothing was found.\"");
    }
  }

  @Test
  void whatIsNotAskedForIsNotRemembered() {
    try (Node node = node()) {
      var _ = post(node, null, "{\"model\":\"auto\",\"input\":\"" + TELL + "\"}");
      var _ = post(node, null, body(TELL, ",\"store\":false"));
      String last = post(node, null, body("I like tea.", "")).text("/id");
      Await.until("the last one", () -> node.get("/history").json().get("exchanges").asInt() > 0);
      assertThat(node.get("/history").json().get("exchanges").asInt()).isEqualTo(1);
      assertThat(node.call("DELETE", "/responses/" + last, null).status()).isEqualTo(200);
      assertThat(recalled(node, null)).isEqualTo("Nothing was found.");
    }
  }

  @Test
  void aDeletedResponseIsNotFoundAndLeavesNoWordInTheIndex() {
    try (Node node = node()) {
      String id = post(node, null, body(TELL, "")).text("/id");
      var _ = post(node, null, body("I like tea.", ""));
      awaitRecalled(node, null);
      assertThat(indexHolds("zebulon")).isTrue();
      assertThat(node.call("DELETE", "/responses/" + id, null).status()).isEqualTo(200);
      assertThat(recalled(node, null)).doesNotContain("Zebulon");
      Await.until(
          "the words are gone",
          () -> {
            var _ = recalled(node, null);
            return !indexHolds("zebulon");
          });
      assertThat(recalled(node, null)).contains("I like tea.");
    }
  }

  @Test
  void allIsForgottenByRequest() {
    try (Node node = node()) {
      var _ = post(node, "ann", body(TELL, ""));
      var _ = post(node, "bob", body(TELL, ""));
      awaitRecalled(node, "ann");
      awaitRecalled(node, "bob");
      Answer forgotten = call(node, "ann", "DELETE", "/history", "");
      assertThat(forgotten.text("/object")).isEqualTo("history.deleted");
      assertThat(recalled(node, "ann")).isEqualTo("Nothing was found.");
      assertThat(call(node, "ann", "GET", "/history", "").json().get("exchanges").asInt()).isZero();
      assertThat(recalled(node, "bob")).contains("Zebulon");
    }
  }

  @Test
  void aRestartForgetsNothing() {
    try (Node node = node()) {
      var _ = post(node, null, body(TELL, ""));
    }
    // What the first one did not come to is done by the second.
    try (Node node = node()) {
      awaitRecalled(node, null);
    }
  }

  /** Whether a word stands in any file of the indexes. */
  private boolean indexHolds(String word) {
    byte[] looked = word.getBytes(StandardCharsets.UTF_8);
    try (Stream<Path> files = Files.walk(new DataFolder(folder).knowledge().resolve("index"))) {
      return files.filter(Files::isRegularFile).anyMatch(file -> holds(file, looked));
    } catch (UncheckedIOException _) {
      // Files went while it looked: it has to look again.
      return true;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean holds(Path file, byte[] word) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
          .contains(new String(word, StandardCharsets.ISO_8859_1));
    } catch (IOException _) {
      // Merged away in this moment.
      return true;
    }
  }
}
