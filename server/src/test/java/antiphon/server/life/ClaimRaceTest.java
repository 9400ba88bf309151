package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.store.Claimed;
import antiphon.core.store.ResponseStore;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.SettingsFile;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Between a claim and the moment its run can be found there is time, too. */
@Timeout(60)
final class ClaimRaceTest {

  private static final String BACKGROUND =
      "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}";

  @TempDir Path folder;
  private final ScriptedEngine engine = new ScriptedEngine(Script.words("hello"));
  private final CompletableFuture<Node> started = new CompletableFuture<>();
  private final CompletableFuture<String> first = new CompletableFuture<>();
  private final CompletableFuture<Node.Answer> answered = new CompletableFuture<>();

  @Test
  void whatIsCancelledInBetweenNeverReachesTheEngine() {
    try (Node node = node(id -> answered.complete(cancel(id)))) {
      Node.Answer cancelled = endedFirst(node);
      assertThat(cancelled.text("/status")).isEqualTo("cancelled");
      assertThat(node.get("/responses/" + first.join()).body()).isEqualTo(cancelled.body());
    }
    assertThat(engine.turns()).as("the second response's alone").hasSize(1);
  }

  @Test
  void whatIsDeletedInBetweenTakesNoPlace() {
    try (Node node = node(id -> answered.complete(delete(id)))) {
      assertThat(endedFirst(node).status()).isEqualTo(200);
    }
    assertThat(engine.turns()).as("the second response's alone").hasSize(1);
  }

  /** Makes two responses on a node with one place; the second one gets it. */
  private Node.Answer endedFirst(Node node) {
    started.complete(node);
    first.complete(node.post("/responses", BACKGROUND).text("/id"));
    Node.Answer answer = answered.join();
    String second = node.post("/responses", BACKGROUND).text("/id");
    Await.until(
        "the place is free",
        () -> node.get("/responses/" + second).text("/status").equals("completed"));
    return answer;
  }

  private Node.Answer cancel(String id) {
    return started.join().post("/responses/" + id + "/cancel", null);
  }

  private Node.Answer delete(String id) {
    return started.join().call("DELETE", "/responses/" + id, null);
  }

  /**
   * @param between what happens to the first response that is claimed, before its run is there
   */
  private Node node(Consumer<String> between) {
    Storage plain = Storage.open(SettingsFile.read(null, Map.of()).store(), new DataFolder(folder));
    ResponseStore store =
        InterceptedStore.of(
            plain.responses(),
            (method, plainly) -> {
              Object result = plainly.get();
              if (method.equals("claim")
                  && !((List<?>) result).isEmpty()
                  && !answered.isDone()
                  && ((List<?>) result).getFirst() instanceof Claimed claimed) {
                between.accept(claimed.response().id().value());
              }
              return result;
            });
    Storage storage = new Storage(store, plain.keys(), plain.signals());
    return new Node(storage, Node.settings(1, 8), engine);
  }
}
