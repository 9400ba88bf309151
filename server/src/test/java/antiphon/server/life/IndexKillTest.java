package antiphon.server.life;

import static antiphon.server.life.VectorStoreLifeTest.ok;
import static org.assertj.core.api.Assertions.assertThat;

import antiphon.testkit.store.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A process is killed again and again while it indexes files; the next one goes on. In the end all
 * files are indexed, each once. {@code -Dantiphon.files=1000 -Dantiphon.kills=20} does it with so
 * many on each store, {@code -Dantiphon.seed} repeats a run.
 */
class IndexKillTest {

  private static final int FILES = Integer.getInteger("antiphon.files", 40);
  private static final int KILLS = Integer.getInteger("antiphon.kills", 2);

  /** A file takes about so long: a kill falls somewhere inside one. */
  private static final int FILE_MILLIS = 15;

  @TempDir Path folder;

  @Test
  void onSqlite() throws Exception {
    killed("sqlite");
  }

  @Test
  void onPostgres() throws Exception {
    try (PostgresServer postgres = new PostgresServer(folder.resolve("postgres"))) {
      killed(PostgresServer.url(postgres.port(), postgres.database()));
    }
  }

  private void killed(String database) throws Exception {
    long seed = Long.getLong("antiphon.seed", System.nanoTime());
    String what = "IndexKillTest on " + database.split(":", 2)[0] + ": seed " + seed;
    System.out.println(what);
    Random random = new Random(seed);
    Path data = folder.resolve("data");
    @Nullable String store = null;
    for (int kill = 0; kill < KILLS; kill++) {
      // The further, the more files are there when the next one begins.
      int behind = FILES * kill / KILLS + random.nextInt(Math.max(1, FILES / KILLS));
      long nanos = random.nextLong(FILE_MILLIS * 1_000_000L);
      store = run(database, data, store, behind, nanos);
    }
    try (Node node = IndexingNode.open(database, data)) {
      String made = String.valueOf(store);
      System.out.println(
          what + ": " + IndexingNode.completed(node, made) + " indexed after the last kill");
      awaitAll(node, made);
      check(node, made);
    }
  }

  /** As long as it goes on, however slow the machine is. */
  private static void awaitAll(Node node, String store) throws InterruptedException {
    int before = -1;
    long since = System.nanoTime();
    while (true) {
      int now = IndexingNode.completed(node, store);
      if (now == FILES) {
        return;
      }
      if (now > before) {
        before = now;
        since = System.nanoTime();
      }
      assertThat(System.nanoTime() - since).as("no progress at " + now).isLessThan(60_000_000_000L);
      Thread.sleep(20);
    }
  }

  /**
   * Runs a process and kills it.
   *
   * @param store null for the first
   * @param behind once so many files are indexed
   * @param nanos and so much later
   * @return the store
   */
  private static String run(
      String database, Path data, @Nullable String store, int behind, long nanos) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                IndexingNode.class.getName(),
                database,
                data.toString(),
                String.valueOf(FILES)));
    if (store != null) {
      command.add(store);
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String made = after(out, "store ");
      while (Integer.parseInt(after(out, "indexed ")) < behind) {
        // It goes on.
      }
      LockSupport.parkNanos(nanos);
      return made;
    } finally {
      process.destroyForcibly();
      var _ = process.waitFor();
    }
  }

  /** The rest of the next line that begins so; the log goes there too. */
  private static String after(BufferedReader out, String begins) throws IOException {
    String read = out.readLine();
    while (read != null && !read.startsWith(begins)) {
      read = out.readLine();
    }
    assertThat(read).as("the process lives").isNotNull();
    return String.valueOf(read).substring(begins.length());
  }

  /** Every file is there once, with each of its chunks once, and found by its own word. */
  private static void check(Node node, String store) {
    String path = "/vector_stores/" + store;
    JsonNode counts = ok(node.get(path)).get("file_counts");
    assertThat(counts.get("total").asInt()).isEqualTo(FILES);
    assertThat(counts.get("failed").asInt()).isZero();
    long bytes = 0;
    int seen = 0;
    String after = "";
    do {
      JsonNode page = ok(node.get(path + "/files?limit=100&order=asc" + after));
      for (JsonNode file : page.get("data")) {
        String id = file.get("id").asString();
        bytes += file.get("usage_bytes").asLong();
        JsonNode content = ok(node.get(path + "/files/" + id + "/content"));
        String text = content.get("content").toString();
        int number = number(content.get("filename").asString());
        for (int sentence = 0; sentence < 40; sentence++) {
          assertThat(text.split("Sentence " + sentence + " of many", -1))
              .as("sentence " + sentence + " of file " + number)
              .hasSize(2);
        }
        JsonNode found =
            ok(
                node.post(
                    path + "/search",
                    "{\"query\":\"" + IndexingNode.word(number) + "\",\"max_num_results\":50}"));
        long chunks = content.get("content").size();
        assertThat(
                found
                    .get("data")
                    .valueStream()
                    .filter(one -> one.get("file_id").asString().equals(id))
                    .count())
            .as("chunks of file " + number + " that are found")
            .isEqualTo(chunks);
        seen++;
        after = "&after=" + id;
      }
      if (!page.get("has_more").asBoolean()) {
        break;
      }
    } while (true);
    assertThat(seen).isEqualTo(FILES);
    assertThat(ok(node.get(path)).get("usage_bytes").asLong()).isEqualTo(bytes);
  }

  private static int number(String filename) {
    return Integer.parseInt(filename.replaceAll("\\D", ""));
  }
}
