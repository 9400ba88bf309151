package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.run.RunnerSettings;
import antiphon.core.store.Signals;
import antiphon.protocol.json.Json;
import antiphon.server.life.Node.Answer;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.PostgresServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A node that stops tells everybody, and hears what is cancelled to the end. */
class StopTest {

  @TempDir private Path folder;

  @Test
  void everyStreamIsTold() {
    ScriptedEngine engine = new ScriptedEngine("scripted", new Gate(1).script(), 120);
    Storage storage = Stores.sqlite(folder);
    Node node = new Node(storage, Node.settings(300, 1000), engine);
    List<CompletableFuture<HttpResponse<String>>> background = new ArrayList<>();
    List<CompletableFuture<HttpResponse<String>>> foreground = new ArrayList<>();
    List<CompletableFuture<HttpResponse<String>>> unkept = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      background.add(create(node, "\"background\":true,\"stream\":true"));
      foreground.add(create(node, "\"stream\":true"));
      unkept.add(create(node, "\"stream\":true,\"store\":false"));
      unkept.add(create(node, "\"store\":false"));
    }
    // Of one that has not been read yet nobody could be told anything.
    Await.until("all run", () -> engine.running() == 120);
    node.drain(Duration.ZERO);

    background.forEach(one -> told(one, ": the server is stopping"));
    foreground.forEach(one -> told(one, "event: response.failed"));
    unkept.forEach(one -> told(one, "event: response.failed"));
  }

  private static void told(CompletableFuture<HttpResponse<String>> one, String how) {
    HttpResponse<String> answer = one.join();
    if (answer.statusCode() == 200) {
      assertThat(answer.body()).contains(how);
      answer.body().lines().filter(line -> line.startsWith("data: {")).forEach(StopTest::whole);
    } else {
      // One that waits for its answer as a whole.
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("shut");
    }
  }

  private static void whole(String line) {
    assertThat(
            Json.readStored(
                    line.substring("data: ".length()).getBytes(StandardCharsets.UTF_8),
                    JsonNode.class)
                .isObject())
        .isTrue();
  }

  private static CompletableFuture<HttpResponse<String>> create(Node node, String how) {
    return node.client()
        .sendAsync(
            node.request("/responses")
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"auto\",\"input\":\"x\"," + how + "}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aNodeThatDrainsHearsCancels() throws Exception {
    try (PostgresServer postgres = new PostgresServer(folder);
        Cluster cluster = new Cluster(postgres)) {
      ScriptedEngine engine = new ScriptedEngine(new Gate(1).script());
      RunnerSettings deaf = new RunnerSettings("node_patient", 64, 1000, Duration.ofMinutes(5), 3);
      Node one = cluster.node(engine, deaf, cluster.network());
      String id =
          one.post("/responses", "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}")
              .text("/id");
      Await.until("it runs", () -> engine.running() == 1);
      Node two = cluster.node(new ScriptedEngine(new Gate(1).script()));
      Thread draining = Thread.ofVirtual().start(() -> one.drain(Duration.ofMinutes(5)));
      Await.until("it claims no more", () -> refuses(one));
      assertThat(two.post("/responses/" + id + "/cancel", null).text("/status"))
          .isEqualTo("cancelled");
      Await.until("the engine stopped", () -> engine.running() == 0);
      assertThat(draining.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  private static boolean refuses(Node node) {
    try {
      return node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\"}").status() == 503;
    } catch (IllegalStateException _) {
      // It does not even listen any more.
      return true;
    }
  }

  /** Whoever can reach the channel can send one: it makes the node ask the store, and no more. */
  @Test
  void aForgedCancelCancelsNothing() {
    Gate gate = new Gate(1);
    Storage storage = Stores.sqlite(folder);
    try (Node node =
        new Node(storage, Node.settings(64, 1000), new ScriptedEngine(gate.script()))) {
      for (String how : List.of("\"background\":true,\"stream\":true", "\"stream\":true")) {
        CompletableFuture<HttpResponse<String>> stream = create(node, how);
        Await.until("it runs", () -> !running(node).isEmpty());
        String id = running(node);
        for (int i = 0; i < 20; i++) {
          storage.signals().publish(new Signals.Signal.Cancel(id));
          Answer now = node.get("/responses/" + id);
          assertThat(now.text("/status")).isEqualTo("in_progress");
        }
        gate.pass(1);
        assertThat(stream.join().body()).contains("event: response.completed");
      }
    }
  }

  private static String running(Node node) {
    for (JsonNode one : node.get("/responses").json().at("/data")) {
      if (one.at("/status").asString().equals("in_progress")) {
        return one.at("/id").asString();
      }
    }
    return "";
  }
}
