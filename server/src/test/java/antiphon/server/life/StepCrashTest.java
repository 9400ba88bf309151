package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.life.Node.Answer;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.StoreSettings;
import antiphon.server.wiring.Storage;
import antiphon.testkit.store.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that runs five steps is killed at one of its writes; another goes on. Nothing is run
 * twice, nothing is lost. With {@code -Dantiphon.crashes=all} at every write, else at some.
 */
class StepCrashTest {

  /** The claims that find nothing make the number of writes differ from run to run. */
  private static final int POINTS = 70;

  private static final int SOME = 4;

  @TempDir Path folder;

  @Test
  void onSqlite() throws Exception {
    for (int point : points()) {
      Path data = Files.createDirectory(folder.resolve("sqlite" + point));
      crash(data.toString(), point, data);
    }
  }

  @Test
  void onPostgres() throws Exception {
    try (PostgresServer postgres = new PostgresServer(folder.resolve("postgres"))) {
      for (int point : points()) {
        Path data = Files.createDirectory(folder.resolve("effects" + point));
        crash(PostgresServer.url(postgres.port(), postgres.database()), point, data);
      }
    }
  }

  private static List<Integer> points() {
    if ("all".equals(System.getProperty("antiphon.crashes"))) {
      return IntStream.range(0, POINTS).boxed().toList();
    }
    long seed = Long.getLong("antiphon.seed", System.nanoTime());
    System.out.println("StepCrashTest: seed " + seed);
    return new Random(seed).ints(0, POINTS).distinct().limit(SOME).boxed().toList();
  }

  private void crash(String database, int point, Path data) throws Exception {
    Path effects = data.resolve("effects");
    String id = runUntilItDies(database, effects, point);
    if (id == null) {
      // Nobody was told of a response.
      return;
    }
    boolean address = database.startsWith("postgres");
    Storage storage =
        Storage.open(
            new StoreSettings(address ? database : null, null, 30, 24), new DataFolder(data));
    try (Node node =
        new Node(storage, Node.settings(8, 100), FiveSteps.engine(), FiveSteps.tools(effects))) {
      Await.until(
          "the end", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      Answer done = node.get("/responses/" + id);
      check(point, done, Files.exists(effects) ? Files.readAllLines(effects) : List.of());
      List<String> events = node.events("/responses/" + id + "?stream=true");
      for (int i = 0; i < events.size(); i++) {
        assertThat(events.get(i)).contains("\"sequence_number\":" + i + ",");
      }
    }
  }

  private static void check(int point, Answer done, List<String> effects) {
    String what = "killed at " + point + ": " + effects + " " + done.body();
    assertThat(effects).as(what).doesNotHaveDuplicates();
    assertThat(done.json().at("/output").size()).as(what).isEqualTo(5);
    List<String> told = List.of(done.text("/output_text").split("\\|", -1));
    List<String> unlike = new ArrayList<>();
    for (int i = 0; i < FiveSteps.CALLS.size(); i++) {
      String call = FiveSteps.CALLS.get(i);
      boolean well = told.get(i).equals("did " + call) && effects.contains(call);
      boolean interrupted = told.get(i).startsWith("The call was interrupted");
      if (!well && !interrupted) {
        unlike.add(call);
      }
    }
    assertThat(unlike).as(what).isEmpty();
  }

  private static @Nullable String runUntilItDies(String database, Path effects, int point)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingNode.class.getName(),
                database,
                effects.toString(),
                Integer.toString(point))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String id = null;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        id = line.startsWith("resp_") ? line : id;
      }
    }
    assertThat(process.waitFor()).isIn(9, CrashingNode.SURVIVED);
    return id;
  }
}
