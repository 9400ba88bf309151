package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/guarantees.md, "Cancel, case by case": every row. */
class CancelTableTest {

  private static final String BACKGROUND =
      "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}";
  private static final String FOREGROUND = "{\"model\":\"auto\",\"input\":\"x\"}";
  private static final String STREAMED = "{\"model\":\"auto\",\"input\":\"x\",\"stream\":true}";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void inProgress(int words) {
    Gate gate = new Gate(10);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    String id;
    Answer cancelled;
    try (Node node = new Node(folder, engine)) {
      id = node.post("/responses", BACKGROUND).text("/id");
      gate.pass(words);
      Await.until("running", () -> engine.running() == 1);
      Await.until("words", () -> text(node, id).length() == 3 * words);
      cancelled = node.post("/responses/" + id + "/cancel", null);
      assertThat(cancelled.status()).isEqualTo(200);
      assertThat(cancelled.text("/status")).isEqualTo("cancelled");
      assertThat(cancelled.json().at("/completed_at").isNumber()).isTrue();
      assertThat(cancelled.text("/output_text")).hasSize(3 * words);
      assertThat(cancelled.json().at("/usage/output_tokens").asInt()).isEqualTo(words);
      if (words > 0) {
        assertThat(cancelled.text("/output/0/status")).isEqualTo("incomplete");
      }
      Await.until("engine stopped", () -> engine.stopped() == 1 && engine.running() == 0);
      gate.pass(10);
      assertFinal(node, id, cancelled);
    }
    try (Node again = new Node(folder, engine)) {
      assertFinal(again, id, cancelled);
    }
  }

  /**
   * After the cancel: every way to ask gives the same bytes, and nothing follows the last event.
   */
  private static void assertFinal(Node node, String id, Answer cancelled) {
    assertThat(node.post("/responses/" + id + "/cancel", null).body()).isEqualTo(cancelled.body());
    assertThat(node.get("/responses/" + id).body()).isEqualTo(cancelled.body());
    List<String> events = node.events("/responses/" + id + "?stream=true");
    assertThat(events.getLast())
        .startsWith("{\"type\":\"response.cancelled\"")
        .endsWith("\"response\":" + cancelled.body() + "}");
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i)).contains("\"sequence_number\":" + i + ",");
    }
    assertThat(events.stream().filter(event -> event.contains("\"response.cancelled\"")).count())
        .isEqualTo(1);
  }

  /** The one response there is; a foreground one is written while it already runs. */
  private static String only(Node node) {
    Await.until("written", () -> node.get("/responses").json().at("/data").size() == 1);
    return node.get("/responses").text("/data/0/id");
  }

  private static String text(Node node, String id) {
    return node.get("/responses/" + id).text("/output_text");
  }

  @Test
  void queued() {
    Gate gate = new Gate(1);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine, 1)) {
      String first = node.post("/responses", BACKGROUND).text("/id");
      Await.until("running", () -> engine.running() == 1);
      String second = node.post("/responses", BACKGROUND).text("/id");
      Answer cancelled = node.post("/responses/" + second + "/cancel", null);
      assertThat(cancelled.text("/status")).isEqualTo("cancelled");
      gate.pass(2);
      Await.until(
          "first done", () -> node.get("/responses/" + first).text("/status").equals("completed"));
      assertFinal(node, second, cancelled);
      assertThat(engine.turns()).hasSize(1);
    }
  }

  @Test
  void inProgressForegroundItsCallGetsTheSame() {
    Gate gate = new Gate(10);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine)) {
      CompletableFuture<Answer> blocked =
          CompletableFuture.supplyAsync(() -> node.post("/responses", FOREGROUND));
      Await.until("running", () -> engine.running() == 1);
      gate.pass(2);
      String id = only(node);
      Await.until("words", () -> text(node, id).length() == 6);
      Answer cancelled = node.post("/responses/" + id + "/cancel", null);
      assertThat(cancelled.text("/status")).isEqualTo("cancelled");
      assertThat(blocked.join().body()).isEqualTo(cancelled.body());
      Await.until("stopped", () -> engine.stopped() == 1);
      assertFinal(node, id, cancelled);
    }
  }

  @Test
  void inProgressForegroundItsStreamEndsWithIt() {
    Gate gate = new Gate(10);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine)) {
      HttpRequest create =
          node.request("/responses")
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(STREAMED))
              .build();
      CompletableFuture<HttpResponse<String>> stream =
          node.client().sendAsync(create, HttpResponse.BodyHandlers.ofString());
      Await.until("running", () -> engine.running() == 1);
      String id = only(node);
      Answer cancelled = node.post("/responses/" + id + "/cancel", null);
      assertThat(stream.join().body())
          .contains("event: response.cancelled\ndata: ")
          .contains(cancelled.body())
          .endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void endedInTheBackgroundIsUnchanged() {
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("a")))) {
      String id = node.post("/responses", BACKGROUND).text("/id");
      Await.until("done", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      Answer unchanged = node.post("/responses/" + id + "/cancel", null);
      assertThat(unchanged.status()).isEqualTo(200);
      assertThat(unchanged.body()).isEqualTo(node.get("/responses/" + id).body());
    }
  }

  @Test
  void endedInTheForegroundIsRefused() {
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("a")))) {
      Answer made = node.post("/responses", FOREGROUND);
      Answer refused = node.post("/responses/" + made.text("/id") + "/cancel", null);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text("/error/type")).isEqualTo("invalid_request_error");
      assertThat(refused.text("/error/message")).contains("synchronous");
      assertThat(node.get("/responses/" + made.text("/id")).body()).isEqualTo(made.body());
    }
  }

  @Test
  void whoseItIsNotSeesNothing() {
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("a")))) {
      String id = node.post("/responses", BACKGROUND).text("/id");
      String path = "/responses/" + id + "/cancel";
      Answer unknown = node.post("/responses/resp_unknown/cancel", null);
      assertThat(unknown.status()).isEqualTo(404);
      Answer foreign =
          node.call(
              HttpRequest.newBuilder(node.uri(path))
                  .header("Authorization", "Bearer " + node.otherKey())
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build());
      assertThat(foreign.status()).isEqualTo(404);
      assertThat(foreign.body().replace(id, "resp_unknown")).isEqualTo(unknown.body());
      Answer user =
          node.call(
              node.request(path)
                  .header("X-On-Behalf-Of", "somebody")
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build());
      assertThat(user.status()).isEqualTo(404);
      assertThat(node.call("DELETE", "/responses/" + id, null).status()).isEqualTo(200);
      assertThat(node.post(path, null).status()).isEqualTo(404);
    }
  }

  @Test
  void notStoredIsNotFound() {
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("a")))) {
      Answer made = node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\",\"store\":false}");
      assertThat(made.status()).isEqualTo(200);
      assertThat(node.post("/responses/" + made.text("/id") + "/cancel", null).status())
          .isEqualTo(404);
    }
  }

  @Test
  void badIdAndBadKey() {
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("a")))) {
      Answer bad = node.post("/responses/nonsense/cancel", null);
      assertThat(bad.status()).isEqualTo(400);
      assertThat(bad.text("/error/param")).isEqualTo("response_id");
      HttpRequest.Builder none =
          HttpRequest.newBuilder(node.uri("/responses/resp_x/cancel"))
              .POST(HttpRequest.BodyPublishers.noBody());
      assertThat(node.call(none.build()).status()).isEqualTo(401);
      assertThat(node.call(none.header("Authorization", "Bearer x").build()).status())
          .isEqualTo(401);
    }
  }
}
