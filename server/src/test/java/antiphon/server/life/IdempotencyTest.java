package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.ScriptedEngine;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A create that is sent again under its {@code Idempotency-Key}. */
class IdempotencyTest {

  private static final String BACKGROUND =
      "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}";
  private static final String FOREGROUND = "{\"model\":\"auto\",\"input\":\"x\"}";
  private static final String STREAMED = "{\"model\":\"auto\",\"input\":\"x\",\"stream\":true}";

  @TempDir Path folder;

  @Test
  void theSameBackgroundResponse() {
    Gate gate = new Gate(2);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine)) {
      String id = create(node, BACKGROUND, "k").text("/id");
      assertThat(
              create(node, "{\"input\": \"x\", \"background\": true, \"model\": \"auto\"}", "k")
                  .text("/id"))
          .as("another order, other spaces")
          .isEqualTo(id);
      gate.pass(2);
      Await.until("done", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      assertThat(create(node, BACKGROUND, "k").body())
          .isEqualTo(node.get("/responses/" + id).body());
      assertThat(engine.turns()).hasSize(1);
      assertThat(create(node, BACKGROUND, "other").text("/id")).isNotEqualTo(id);
    }
  }

  @Test
  void manyAtOnceMakeOne() {
    Gate gate = new Gate(1);
    gate.pass(1);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine)) {
      for (String body : List.of(BACKGROUND, FOREGROUND)) {
        String key = "key " + body.length();
        gate.pass(1);
        List<CompletableFuture<Answer>> calls =
            Stream.generate(() -> CompletableFuture.supplyAsync(() -> create(node, body, key)))
                .limit(8)
                .toList();
        assertThat(calls.stream().map(call -> call.join().text("/id")).distinct()).hasSize(1);
      }
      assertThat(engine.turns()).hasSize(2);
    }
  }

  @Test
  void aForegroundResponseIsWaitedForAgain() {
    Gate gate = new Gate(2);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine)) {
      CompletableFuture<Answer> first =
          CompletableFuture.supplyAsync(() -> create(node, STREAMED, "k"));
      Await.until("running", () -> engine.running() == 1);
      CompletableFuture<Answer> second =
          CompletableFuture.supplyAsync(() -> create(node, STREAMED, "k"));
      gate.pass(2);
      assertThat(second.join().body()).isEqualTo(first.join().body());
      assertThat(create(node, STREAMED, "k").body()).isEqualTo(first.join().body());
      assertThat(engine.turns()).hasSize(1);
    }
  }

  @Test
  void withAnotherRequestItIsRefused() {
    try (Node node = new Node(folder, done())) {
      assertThat(create(node, FOREGROUND, "k").status()).isEqualTo(200);
      Answer refused = create(node, FOREGROUND.replace("x", "y"), "k");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.text("/error/param")).isEqualTo("Idempotency-Key");
      assertThat(node.get("/responses").json().at("/data")).hasSize(1);
    }
  }

  @Test
  void afterDeletionItLeadsToNoOther() {
    try (Node node = new Node(folder, done())) {
      String id = create(node, FOREGROUND, "k").text("/id");
      node.call("DELETE", "/responses/" + id, null);
      // Refused while the rows are there; after that the key is as good as new.
      Answer again = create(node, FOREGROUND, "k");
      if (again.status() == 200) {
        assertThat(again.text("/id")).isNotEqualTo(id);
      } else {
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text("/error/message")).contains("deleted");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\tb"})
  void badKeysAreRefused(String key) {
    try (Node node = new Node(folder, done())) {
      Answer refused = create(node, FOREGROUND, key);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text("/error/param")).isEqualTo("Idempotency-Key");
      assertThat(create(node, FOREGROUND, "k".repeat(256)).status()).isEqualTo(400);
      assertThat(create(node, FOREGROUND, "k".repeat(255)).status()).isEqualTo(200);
    }
  }

  @Test
  void withNothingStoredItIsRefused() {
    try (Node node = new Node(folder, done())) {
      Answer refused = create(node, "{\"model\":\"auto\",\"input\":\"x\",\"store\":false}", "k");
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text("/error/param")).isEqualTo("Idempotency-Key");
    }
  }

  @Test
  void aRefusalIsToldAgainAsItWas() {
    for (Problem.Engine.Kind kind : Problem.Engine.Kind.values()) {
      ScriptedEngine engine =
          new ScriptedEngine((turn, sink) -> {
            throw new EngineException(new Problem.Engine(kind, "Not now.", Duration.ofSeconds(7)));
          });
      for (String body : List.of(STREAMED, FOREGROUND)) {
        String key = kind + " " + body.length();
        Answer first;
        try (Node node = new Node(folder, engine)) {
          first = create(node, body, key);
          assertThat(first.status()).isBetween(429, 504);
          same(create(node, body, key), first);
        }
        int asked = engine.turns().size();
        try (Node node = new Node(folder, engine)) {
          same(create(node, body, key), first);
        }
        assertThat(engine.turns()).hasSize(asked);
      }
    }
  }

  @Test
  void aRequestThatAnEngineRefusedIsRefusedAgain() {
    ScriptedEngine engine =
        new ScriptedEngine((turn, sink) -> {
          throw new EngineException(
              new Problem.Invalid("Too long.", "input", "context_length_exceeded"));
        });
    try (Node node = new Node(folder, engine)) {
      Answer first = create(node, STREAMED, "k");
      assertThat(first.status()).isEqualTo(400);
      same(create(node, STREAMED, "k"), first);
    }
  }

  private static void same(Answer again, Answer first) {
    assertThat(again.status()).isEqualTo(first.status());
    assertThat(again.json().path("error")).isEqualTo(first.json().path("error"));
    assertThat(again.header("retry-after")).isEqualTo(first.header("retry-after"));
  }

  private static ScriptedEngine done() {
    return new ScriptedEngine((turn, sink) -> ScriptedEngine.stop(turn, 0));
  }

  private static Answer create(Node node, String body, String key) {
    return node.call(
        node.request("/responses")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }
}
