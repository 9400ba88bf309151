package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.Piece;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.core.response.Problem;
import antiphon.protocol.item.Message;
import antiphon.protocol.response.Usage;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseLifeTest {

  @TempDir Path folder;

  @Test
  void aSynchronousResponseIsAnsweredAndKept() {
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("Hello", ", ", "world")))) {
      Answer made = node.post("/responses", "{\"model\":\"auto\",\"input\":\"Hi\"}");
      assertThat(made.status()).isEqualTo(200);
      assertThat(made.text("/status")).isEqualTo("completed");
      assertThat(made.text("/output_text")).isEqualTo("Hello, world");
      assertThat(made.json().at("/usage/total_tokens").asInt()).isEqualTo(13);
      assertThat(node.get("/responses/" + made.text("/id")).body()).isEqualTo(made.body());
    }
  }

  @Test
  void aChainIsReadByReference() {
    ScriptedEngine engine = new ScriptedEngine(Script.words("yes"));
    try (Node node = new Node(folder, engine)) {
      String previous = "";
      for (int i = 0; i < 30; i++) {
        String link = previous.isEmpty() ? "" : ",\"previous_response_id\":\"" + previous + "\"";
        Answer made =
            node.post(
                "/responses", "{\"model\":\"auto\",\"input\":\"turn " + i + "\"" + link + "}");
        assertThat(made.status()).isEqualTo(200);
        previous = made.text("/id");
      }
      Turn last = engine.turns().getLast();
      assertThat(last.items()).hasSize(30 + 29);
      assertThat(last.items().getFirst()).isInstanceOf(Message.class);
      Answer own = node.get("/responses/" + previous + "/input_items");
      assertThat(own.json().at("/data").size()).isEqualTo(1);
    }
  }

  @Test
  void anItemReferenceIsTheItem() {
    ScriptedEngine engine = new ScriptedEngine(Script.words("seven"));
    try (Node node = new Node(folder, engine)) {
      Answer first = node.post("/responses", "{\"model\":\"auto\",\"input\":\"a number\"}");
      String item = first.text("/output/0/id");
      Answer second =
          node.post(
              "/responses",
              "{\"model\":\"auto\",\"input\":[{\"type\":\"item_reference\",\"id\":\"%s\"},"
                      .formatted(item)
                  + "{\"role\":\"user\",\"content\":\"again\"}]}");
      assertThat(second.status()).isEqualTo(200);
      assertThat(engine.turns().getLast().items().getFirst().id()).isEqualTo(item);
      assertThat(engine.turns().getLast().items().getFirst()).isInstanceOf(Message.class);
    }
  }

  @Test
  void metadataMayChangeWhileItRunsAndAfter() {
    Gate gate = new Gate(2);
    try (Node node = new Node(folder, new ScriptedEngine(gate.script()))) {
      Answer made =
          node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}");
      String path = "/responses/" + made.text("/id");
      assertThat(node.post(path, "{\"metadata\":{\"a\":\"1\"}}").text("/metadata/a"))
          .isEqualTo("1");
      gate.pass(2);
      Await.until("ended", () -> node.get(path).text("/status").equals("completed"));
      assertThat(node.get(path).text("/metadata/a")).isEqualTo("1");
      assertThat(node.post(path, "{\"metadata\":{\"b\":\"2\"}}").text("/metadata/b"))
          .isEqualTo("2");
      assertThat(node.get(path).json().at("/metadata/a").isMissingNode()).isTrue();
      assertThat(node.get(path).text("/output_text")).isEqualTo("w0 w1 ");
    }
  }

  @Test
  void deletingWhatRunsCancelsItFirst() {
    Gate gate = new Gate(2);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine)) {
      Answer made =
          node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}");
      Await.until("running", () -> engine.running() == 1);
      String path = "/responses/" + made.text("/id");
      assertThat(node.call("DELETE", path, null).json().at("/deleted").asBoolean()).isTrue();
      Await.until("stopped", () -> engine.stopped() == 1);
      assertThat(node.get(path).status()).isEqualTo(404);
      assertThat(node.call("DELETE", path, null).status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RATE_LIMITED, 429, rate_limit_exceeded",
    "UNAVAILABLE, 503, server_error",
    "BROKEN, 502, server_error",
    "TIMEOUT, 504, server_error"
  })
  void anEngineThatFailsIsTold(Problem.Engine.Kind kind, int status, String code) {
    ScriptedEngine engine =
        new ScriptedEngine((turn, sink) -> {
          sink.accept(new Piece.Text("so far"));
          throw new EngineException(new Problem.Engine(kind, "It broke.", null));
        });
    try (Node node = new Node(folder, engine)) {
      Answer refused = node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\"}");
      assertThat(refused.status()).isEqualTo(status);
      Answer kept = node.get("/responses");
      assertThat(kept.text("/data/0/status")).isEqualTo("failed");
      assertThat(kept.text("/data/0/error/code")).isEqualTo(code);
      assertThat(kept.text("/data/0/output_text")).isEqualTo("so far");
      assertThat(kept.text("/data/0/output/0/status")).isEqualTo("incomplete");
    }
  }

  @Test
  void aBugInAnEngineFailsTheResponseAlone() {
    ScriptedEngine engine =
        new ScriptedEngine((turn, sink) -> {
          throw new IllegalStateException("a bug");
        });
    try (Node node = new Node(folder, engine)) {
      Answer failed = node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\"}");
      assertThat(failed.status()).isEqualTo(500);
      assertThat(failed.body()).doesNotContain("a bug");
      engine.script(Script.words("fine"));
      assertThat(node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\"}").status())
          .isEqualTo(200);
    }
  }

  @Test
  void whatIsCutShortIsIncomplete() {
    ScriptedEngine engine =
        new ScriptedEngine((turn, sink) -> {
          sink.accept(new Piece.Text("half"));
          return new TurnResult(TurnResult.Reason.LENGTH, Usage.of(3, 1), turn.model());
        });
    try (Node node = new Node(folder, engine)) {
      Answer made = node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\"}");
      assertThat(made.text("/status")).isEqualTo("incomplete");
      assertThat(made.text("/incomplete_details/reason")).isEqualTo("max_output_tokens");
      assertThat(made.text("/output/0/status")).isEqualTo("incomplete");
    }
  }
}
