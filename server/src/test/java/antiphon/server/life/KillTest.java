package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.testkit.mcp.McpTestServer;
import antiphon.testkit.store.Await;
import antiphon.testkit.store.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A process is killed at a random moment of a run with three calls of tools that do something; the
 * MCP server counts what they did. Another process goes on: each is done once at most, and the
 * model knows of each what came of it. {@code -Dantiphon.kills=200} does it so often on each store,
 * {@code -Dantiphon.seed} repeats a run.
 */
class KillTest {

  private static final int KILLS = Integer.getInteger("antiphon.kills", 2);

  /** A call takes so long, so that many of the moments are inside one. */
  private static final Duration CALL = Duration.ofMillis(30);

  @TempDir Path folder;

  /** How many calls were found interrupted. */
  private int broken;

  private final List<String> done = Collections.synchronizedList(new ArrayList<>());

  @Test
  void onSqlite() throws Exception {
    killed("sqlite", round -> Files.createDirectory(folder.resolve("s" + round)).toString());
  }

  @Test
  void onPostgres() throws Exception {
    try (PostgresServer postgres = new PostgresServer(folder.resolve("postgres"))) {
      killed("postgres", _ -> PostgresServer.url(postgres.port(), postgres.database()));
    }
  }

  /**
   * When a process is killed.
   *
   * @param call behind the beginning of this call; below 0 behind that of its response
   */
  private record Kill(int call, long nanos) {}

  /** A new database for each round. */
  @FunctionalInterface
  private interface Databases {
    String next(int round) throws Exception;
  }

  private void killed(String store, Databases databases) throws Exception {
    long seed = Long.getLong("antiphon.seed", System.nanoTime());
    System.out.println("KillTest on " + store + ": seed " + seed);
    Random random = new Random(seed);
    try (McpTestServer server = new McpTestServer()) {
      for (String tool : KilledNode.TOOLS) {
        server.tool(
            tool,
            (call, answer) -> {
              done.add(tool);
              LockSupport.parkNanos(CALL.toNanos());
              McpTestServer.text(call, answer, "did " + tool);
            });
      }
      long whole = 0;
      for (int round = 0; round <= KILLS; round++) {
        String database = databases.next(round);
        Path data =
            database.startsWith("postgres") ? folder.resolve("p" + round) : Path.of(database);
        done.clear();
        if (round == 0) {
          // Nobody is killed: so long it takes on this machine.
          whole = run(database, data, server.url(), null);
          assertThat(done).isEqualTo(KilledNode.TOOLS);
        } else {
          // Every second time inside a call.
          int call = round % 2 == 0 ? -1 : random.nextInt(KilledNode.TOOLS.size());
          long nanos = (long) (random.nextDouble() * (call < 0 ? whole : CALL.toNanos()));
          var _ = run(database, data, server.url(), new Kill(call, nanos));
          goOn(store + " " + seed + " round " + round, database, data);
        }
      }
    }
    System.out.println(
        "KillTest on " + store + ": " + KILLS + " kills, " + broken + " calls were interrupted");
  }

  /**
   * Runs a process.
   *
   * @param kill null for not at all
   * @return how long its response took
   */
  private long run(String database, Path data, String url, @Nullable Kill kill) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledNode.class.getName(),
                database,
                data.toString(),
                url)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      await(out, "ready");
      long began = System.nanoTime();
      if (kill != null) {
        Await.until("the call", () -> done.size() > kill.call());
        LockSupport.parkNanos(kill.nanos());
        process.destroyForcibly();
      } else {
        await(out, "ended");
      }
      long took = System.nanoTime() - began;
      var _ = process.waitFor();
      return took;
    } finally {
      process.destroyForcibly();
    }
  }

  /** The log goes there too. */
  private static void await(BufferedReader out, String line) throws IOException {
    String read = out.readLine();
    while (read != null && !read.equals(line)) {
      read = out.readLine();
    }
    assertThat(read).isEqualTo(line);
  }

  private void goOn(String what, String database, Path data) {
    try (Node node = KilledNode.open(database, data)) {
      JsonNode responses = node.get("/responses").json().get("data");
      if (responses.isEmpty()) {
        assertThat(done).as(what).isEmpty();
        return;
      }
      String path = "/responses/" + responses.get(0).get("id").asString();
      Await.until("the end", () -> node.get(path).text("/status").equals("completed"));
      String[] told = node.get(path).text("/output_text").split("\\|", -1);
      assertThat(told).as(what).hasSize(KilledNode.TOOLS.size());
      for (int i = 0; i < told.length; i++) {
        String tool = KilledNode.TOOLS.get(i);
        int times = Collections.frequency(done, tool);
        boolean well = told[i].equals("did " + tool);
        boolean interrupted = told[i].startsWith("The call was interrupted");
        broken += interrupted ? 1 : 0;
        assertThat(well || interrupted).as(what + ": " + told[i]).isTrue();
        assertThat(times).as(what + ": " + tool + " " + told[i]).isBetween(well ? 1 : 0, 1);
      }
    }
  }
}
