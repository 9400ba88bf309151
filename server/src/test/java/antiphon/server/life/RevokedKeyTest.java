package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.service.KeyService;
import antiphon.store.sqlite.SqliteKeyStore;
import antiphon.testkit.engine.ScriptedEngine;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is under way with a key that is revoked elsewhere. */
class RevokedKeyTest {

  @TempDir private Path folder;

  @Test
  void itsStreamsAndCallsEndAndSayWhy() {
    ScriptedEngine engine = new ScriptedEngine(new Gate(1).script());
    try (Node node = new Node(folder, engine);
        SqliteKeyStore beside = SqliteKeyStore.open(folder.resolve("antiphon.db"))) {
      String key = node.otherKey();
      CompletableFuture<HttpResponse<String>> background =
          create(node, key, "\"background\":true,\"stream\":true");
      CompletableFuture<HttpResponse<String>> streamed = create(node, key, "\"stream\":true");
      CompletableFuture<HttpResponse<String>> waiting = create(node, key, "\"stream\":false");
      CompletableFuture<HttpResponse<String>> untouched =
          create(node, node.key(), "\"stream\":true");
      Await.until("all run", () -> engine.running() == 4);

      KeyService keys = new KeyService(beside, InstantSource.system());
      keys.list().stream()
          .filter(one -> one.tenant().equals("others"))
          .forEach(one -> assertThat(keys.revoke(one.id())).isTrue());
      long since = System.nanoTime();
      assertThat(background.join().body()).contains("event: error", "invalid_api_key", "revoked");
      assertThat(streamed.join().body()).contains("event: error", "invalid_api_key", "revoked");
      assertThat(waiting.join().statusCode()).isEqualTo(401);
      Await.until("only what runs for itself or others goes on", () -> engine.running() == 2);
      assertThat((System.nanoTime() - since) / 1_000_000).isLessThan(5_000);
      assertThat(untouched).isNotDone();
      Await.until("401", () -> create(node, key, "\"stream\":false").join().statusCode() == 401);
    }
  }

  private static CompletableFuture<HttpResponse<String>> create(Node node, String key, String how) {
    return node.client()
        .sendAsync(
            HttpRequest.newBuilder(node.uri("/responses"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"auto\",\"input\":\"x\"," + how + "}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
