package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.run.RunnerSettings;
import antiphon.core.store.ResponseStore;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.ScriptedEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node with a file of its own, whose heart stands still for longer than a lease. */
@Timeout(60)
final class PausedNodeTest {

  private static final String FOREGROUND = "{\"model\":\"auto\",\"input\":\"x\"}";
  private static final String BACKGROUND =
      "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}";

  @TempDir Path folder;

  @Test
  void doesNotTakeItselfForDead() {
    Storage plain = Stores.sqlite(folder);
    CompletableFuture<Void> beats = new CompletableFuture<>();
    AtomicInteger sweeps = new AtomicInteger();
    ResponseStore store =
        InterceptedStore.of(
            plain.responses(),
            (method, plainly) -> {
              switch (method) {
                case "heartbeat" -> beats.join();
                case "orphans" -> sweeps.incrementAndGet();
                default -> {}
              }
              return plainly.get();
            });
    Gate gate = new Gate(2);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    RunnerSettings hasty = new RunnerSettings("node_1", 8, 8, Duration.ofMillis(200), 3);
    try (Node node =
        new Node(
            new Storage(store, plain.conversations(), plain.keys(), plain.signals()),
            hasty,
            engine)) {
      String background = node.post("/responses", BACKGROUND).text("/id");
      CompletableFuture<Node.Answer> foreground =
          CompletableFuture.supplyAsync(() -> node.post("/responses", FOREGROUND));
      Await.until("both run", () -> engine.running() == 2);
      int before = sweeps.get();
      Await.until("many leases are over", () -> sweeps.get() > before + 20);
      gate.pass(2);
      gate.pass(2);

      assertThat(foreground.join().text("/status")).isEqualTo("completed");
      Await.until(
          "completed",
          () -> node.get("/responses/" + background).text("/status").equals("completed"));
      assertThat(engine.turns()).as("each ran once").hasSize(2);
      beats.complete(null);
    }
  }
}
