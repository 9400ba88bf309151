package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Piece;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Foreground streams that are longer than what memory holds of them. */
class LongStreamTest {

  private static final Stores STORES = new Stores();
  private static final int WORDS = 20_000;

  @AfterAll
  static void stop() {
    STORES.close();
  }

  private static Script talkative() {
    return (turn, sink) -> {
      for (int i = 0; i < WORDS; i++) {
        sink.accept(new Piece.Text("w" + i + " "));
      }
      return ScriptedEngine.stop(turn, WORDS);
    };
  }

  private static HttpRequest create(Node node, String more) {
    return node.request("/responses")
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"model\":\"auto\",\"input\":\"x\",\"stream\":true" + more + "}"))
        .build();
  }

  private static List<String> events(InputStream body) throws IOException {
    return new String(body.readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .map(line -> line.substring("data: ".length()))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void whoReadsLateGetsAllOfIt(Stores.Kind kind) throws Exception {
    try (Stores.Opened opened = STORES.open(kind, new ScriptedEngine(talkative()))) {
      Node node = opened.node();
      HttpResponse<InputStream> stream =
          node.client().send(create(node, ""), HttpResponse.BodyHandlers.ofInputStream());
      // Nothing is read before the response has ended.
      Await.until(
          "its end", () -> node.get("/responses").text("/data/0/status").equals("completed"));
      List<String> read = events(stream.body());
      assertThat(read).hasSize(2 + 2 + WORDS + 3 + 1);
      String id = Node.json(read.getFirst()).at("/response/id").asString();
      String path = "/responses/" + id + "?stream=true";
      assertThat(node.events(path).equals(read)).isTrue();
      assertThat(node.events(path + "&starting_after=15000"))
          .isEqualTo(read.subList(15_001, read.size()));
      assertThat(node.get("/responses/" + id).json().at("/usage/output_tokens").asInt())
          .isEqualTo(WORDS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void onesThatAreNotStoredToo(Stores.Kind kind) throws Exception {
    try (Stores.Opened opened = STORES.open(kind, new ScriptedEngine(talkative()))) {
      Node node = opened.node();
      List<String> read =
          events(
              node.client()
                  .send(create(node, ",\"store\":false"), HttpResponse.BodyHandlers.ofInputStream())
                  .body());
      assertThat(read).hasSize(2 + 2 + WORDS + 3 + 1);
      for (int i = 0; i < read.size(); i++) {
        assertThat(read.get(i)).contains("\"sequence_number\":" + i + ",");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLongAnswerInOnePieceIsCancelledAndReadWhole(Stores.Kind kind) {
    Gate gate = new Gate(WORDS);
    try (Stores.Opened opened = STORES.open(kind, new ScriptedEngine(gate.script()))) {
      Node node = opened.node();
      CompletableFuture<Answer> made =
          CompletableFuture.supplyAsync(
              () -> node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\"}"),
              Thread::startVirtualThread);
      gate.pass(12_000);
      Await.until("listed", () -> node.get("/responses").json().at("/data").size() == 1);
      String id = node.get("/responses").text("/data/0/id");
      Await.until(
          "it was said",
          () -> node.get("/responses/" + id).text("/output_text").endsWith("w11999 "));
      Answer cancelled = node.post("/responses/" + id + "/cancel", null);
      assertThat(cancelled.json().at("/usage/output_tokens").asInt()).isEqualTo(12_000);
      assertThat(made.join().body()).isEqualTo(cancelled.body());
      List<String> log = node.events("/responses/" + id + "?stream=true");
      assertThat(log.getLast()).contains(cancelled.body());
      assertThat(log).hasSize(2 + 2 + 12_000 + 3 + 1);
    }
  }
}
