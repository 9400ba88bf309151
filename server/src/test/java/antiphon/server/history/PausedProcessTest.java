package antiphon.server.history;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.protocol.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process with a file that is stopped as a whole ({@code SIGSTOP}) for longer than its
 * lease. A lease as it is in earnest: {@code -Dpause.lease=15000}.
 */
@Timeout(180)
class PausedProcessTest {

  private static final long LEASE = Long.getLong("pause.lease", 1_000);
  private static final String KEY = "sk-paused-0123456789";
  private static final int WORDS = 300;

  @TempDir Path folder;

  @Test
  void nothingItRunsIsEndedOrBegunAgain() throws Exception {
    try (NodeProcess node =
            new NodeProcess(folder.toString(), LEASE, KEY, folder.resolve("node.log"), Bug.NONE);
        Client client = new Client(KEY)) {
      String url = node.url() + "/responses";
      String background = made(client, url);
      CompletableFuture<String> foreground = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              StringBuilder last = new StringBuilder();
              client.streamOf(
                  url,
                  Workload.body(WORDS, ",\"stream\":true"),
                  Duration.ofMinutes(2),
                  event -> {
                    last.setLength(0);
                    last.append(event);
                    return true;
                  });
              foreground.complete(last.toString());
            } catch (InterruptedException e) {
              foreground.completeExceptionally(e);
            }
          });
      awaitBody(client, url + "/" + background, body -> body.contains("w5 "));
      awaitBody(client, url, body -> body.split("\"in_progress\"", -1).length > 2);

      node.pause();
      long end = System.nanoTime() + Duration.ofMillis(LEASE + 2_000).toNanos();
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
      node.resume();

      String text = CountingEngine.text(WORDS).strip();
      assertThat(foreground.join()).contains("response.completed", text);
      String done = awaitBody(client, url + "/" + background, b -> !b.contains("in_progress\""));
      assertThat(done).contains("\"completed\"", text);
      List<String> events = client.events(url + "/" + background + "?stream=true");
      assertThat(events.stream().filter(e -> e.contains("\"response.in_progress\"")))
          .as("runs of it")
          .hasSize(1);
    }
  }

  private static String made(Client client, String url) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() < deadline) {
      var answer = client.post(url, Workload.body(WORDS, ",\"background\":true"), "key-1");
      if (answer.isPresent() && answer.get().status() == 200) {
        return Json.field(
            answer.get().body().getBytes(java.nio.charset.StandardCharsets.UTF_8), "id");
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("the node does not start");
  }

  private static String awaitBody(Client client, String url, Predicate<String> so)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    String body = "no answer";
    while (System.nanoTime() < deadline) {
      var answer = client.get(url);
      if (answer.isPresent()) {
        body = answer.get().body();
        if (answer.get().status() == 200 && so.test(body)) {
          return body;
        }
      }
    }
    throw new AssertionError("not so in a minute: " + body);
  }
}
