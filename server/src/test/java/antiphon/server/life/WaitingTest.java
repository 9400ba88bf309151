package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Engines;
import antiphon.core.engine.ModelMap;
import antiphon.core.engine.Piece;
import antiphon.core.engine.ServedModel;
import antiphon.core.queue.TenantLimits;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Background work that cannot run holds nothing up that can. */
@Timeout(120)
final class WaitingTest {

  private static final int WAITING = 20;

  private final Semaphore passes = new Semaphore(0);

  /** Lets one that is asked to hold on through for each pass, and all others at once. */
  private final Script script =
      (turn, sink) -> {
        sink.begun();
        if (turn.items().toString().contains("hold")) {
          passes.acquire();
        }
        sink.accept(new Piece.Text("done"));
        return ScriptedEngine.stop(turn, 1);
      };

  @TempDir Path folder;

  @Test
  void aTenantThatFloodsTheQueueShutsNobodyElseOut() {
    Engines engines = new Engines(List.of(new ScriptedEngine("one", script)));
    try (Node node = new Node(folder, Node.settings(1, 3), engines)) {
      String other = node.otherKey();
      List<String> waiting = create(node, node.key(), ScriptedEngine.MODEL, 1);
      awaitStatus(node, node.key(), waiting.getFirst(), "in_progress");
      create(node, node.key(), ScriptedEngine.MODEL, 3);
      String body =
          "{\"model\":\"scripted\",\"input\":\"hold\",\"background\":true,"
              + "\"service_tier\":\"flex\"}";
      Answer refused = node.post("/responses", body);
      assertThat(refused.status()).as(refused.body()).isEqualTo(429);
      assertThat(refused.header("retry-after")).isNotEmpty();

      String let = create(node, other, ScriptedEngine.MODEL, "go on");
      passes.release(4);
      awaitStatus(node, other, let, "completed");
    }
  }

  @Test
  void aTenantAtItsLimitHoldsNoOtherUp() {
    Engines engines = new Engines(List.of(new ScriptedEngine("one", script)));
    var run = Node.settings(8, 1000).with(new TenantLimits(Map.of(), 1));
    try (Node node = new Node(folder, run, engines)) {
      String other = node.otherKey();
      List<String> waiting = create(node, node.key(), ScriptedEngine.MODEL, WAITING);
      awaitStatus(node, node.key(), waiting.getFirst(), "in_progress");

      String free = create(node, other, ScriptedEngine.MODEL, "go on");
      awaitStatus(node, other, free, "completed");
      awaitStatus(node, node.key(), waiting.getLast(), "queued");

      passes.release(WAITING);
      waiting.forEach(id -> awaitStatus(node, node.key(), id, "completed"));
    }
  }

  @Test
  void anEngineThatIsFullHoldsNoOtherUp() {
    ModelMap models =
        new ModelMap(
            List.of(ServedModel.of("busy", "one", "m"), ServedModel.of("idle", "two", "m")), null);
    Engines engines =
        new Engines(
            List.of(new ScriptedEngine("one", script, 1), new ScriptedEngine("two", script, 1)),
            models);
    try (Node node = new Node(folder, Node.settings(2, 1000), engines)) {
      List<String> waiting = create(node, node.key(), "busy", WAITING);
      awaitStatus(node, node.key(), waiting.getFirst(), "in_progress");

      awaitStatus(node, node.key(), create(node, node.key(), "idle", "go on"), "completed");
      awaitStatus(node, node.key(), waiting.getLast(), "queued");

      passes.release(WAITING);
      waiting.forEach(id -> awaitStatus(node, node.key(), id, "completed"));
    }
  }

  private static List<String> create(Node node, String key, String model, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(create(node, key, model, "hold on"));
    }
    return ids;
  }

  private static String create(Node node, String key, String model, String input) {
    String body = "{\"background\":true,\"model\":\"" + model + "\",\"input\":\"" + input + "\"}";
    Answer made =
        node.call(
            node.request("/responses")
                .setHeader("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    return made.text("/id");
  }

  private static void awaitStatus(Node node, String key, String id, String status) {
    Await.until(id + " is " + status, () -> status(node, key, id).equals(status));
  }

  private static String status(Node node, String key, String id) {
    return node.call(
            node.request("/responses/" + id)
                .setHeader("Authorization", "Bearer " + key)
                .GET()
                .build())
        .text("/status");
  }
}
