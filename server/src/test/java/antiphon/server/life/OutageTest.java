package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.run.RunnerSettings;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A PostgreSQL that is really stopped, and started again, under a response in the background. For
 * how long each time: {@code -Doutage.seconds=12} is four fifths of a lease as it is in earnest.
 */
@Timeout(400)
class OutageTest {

  private static final int SECONDS = Integer.getInteger("outage.seconds", 3);
  private static final int OUTAGES = 3;

  @TempDir Path folder;

  @Test
  void outagesAreNoDeathsOfWhatRuns() {
    Duration lease = Duration.ofMillis(SECONDS * 1250L);
    RunnerSettings mortal = new RunnerSettings("node_1", 64, 1000, lease, 1);
    Gate gate = new Gate(OUTAGES + 1);
    ScriptedEngine engine = new ScriptedEngine(gate.script(), true);
    try (PostgresServer postgres = new PostgresServer(folder);
        Cluster cluster = new Cluster(postgres)) {
      Node node = cluster.node(engine, mortal, cluster.network());
      String url =
          "/responses/"
              + node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}")
                  .text("/id");
      for (int i = 1; i <= OUTAGES; i++) {
        gate.pass(1);
        Await.until("a word", () -> node.get(url).body().contains("w0 "));
        postgres.stop();
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        Await.until("the time is over", () -> System.nanoTime() > end);
        postgres.startAgain();
        int outage = i;
        Await.until(
            "it runs",
            () -> {
              Node.Answer now = node.get(url);
              assertThat(now.body()).as("after outage %d", outage).doesNotContain("\"failed\"");
              return engine.running() == 1 && now.status() == 200;
            });
      }
      gate.pass(100);

      Await.until("completed", () -> !node.get(url).text("/status").equals("in_progress"));
      assertThat(node.get(url).text("/status")).isEqualTo("completed");
    }
  }
}
