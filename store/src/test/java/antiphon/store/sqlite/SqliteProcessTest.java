package antiphon.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store whose process is killed, or has company. */
final class SqliteProcessTest {

  private static final Owner OWNER = Owner.account("acme");

  @TempDir private Path folder;
  private final List<Process> children = new ArrayList<>();

  @AfterEach
  void killAll() throws InterruptedException {
    for (Process child : children) {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void nothingAcknowledgedIsLostByKill9() throws Exception {
    Map<String, Integer> acknowledged = new HashMap<>();
    for (int round = 0; round < 2; round++) {
      acknowledged.putAll(killAfter(4000));
    }

    assertThat(acknowledged).hasSizeGreaterThan(100);
    try (SqliteStore store = SqliteStore.open(file())) {
      acknowledged.forEach((id, last) -> checkLog(store, id, last));
      List<?> claimed = store.claim("next", 1000, Duration.ofMinutes(1));
      assertThat(claimed).as("claimable at once").hasSizeGreaterThan(100);
    }
  }

  @Test
  void aSecondProcessIsToldWhoHasTheFile() throws Exception {
    Process child = start();

    assertThatThrownBy(() -> SqliteStore.open(file()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("data.db is in use by another server (process " + child.pid() + ")");
    child.destroyForcibly().waitFor();
    SqliteStore.open(file()).close();
  }

  /** The lock is the file's own: whatever lies beside it can go. */
  @Test
  void removingWhatLiesBesideTheFileLetsNobodyElseIn() throws Exception {
    Process child = start();
    try (Stream<Path> beside = Files.list(folder)) {
      for (Path file : beside.filter(SqliteProcessTest::isNoData).toList()) {
        Files.delete(file);
      }
    }

    assertThatThrownBy(() -> SqliteStore.open(file()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("data.db is in use by another server");
    assertThat(child.isAlive()).isTrue();
  }

  private static boolean isNoData(Path file) {
    return !List.of("data.db", "data.db-wal", "data.db-shm")
        .contains(file.getFileName().toString());
  }

  /** A process that closes any handle of a file loses its locks on it: so it closes none. */
  @Test
  void theLockOutlivesWhateverElseThisProcessDoesWithTheFile() throws Exception {
    try (SqliteStore store = SqliteStore.open(file())) {
      assertThatThrownBy(() -> SqliteStore.open(file())).isInstanceOf(StoreException.class);
      SqliteKeyStore.open(file()).close();
      assertThatThrownBy(() -> SqliteStore.open(folder.resolve(".").resolve("data.db")))
          .isInstanceOf(StoreException.class);

      Process child = launch(ProcessBuilder.Redirect.DISCARD);
      assertThat(child.inputReader().readLine()).isNull();
      assertThat(child.waitFor()).isNotZero();
      assertThat(store.queued()).isZero();
    }
    assertThat(start().isAlive()).isTrue();
  }

  @Test
  void aFolderThatCannotBeUsedIsOneLine() throws Exception {
    Files.writeString(folder.resolve("taken"), "");
    Path below = folder.resolve("taken").resolve("data.db");

    assertThatThrownBy(() -> SqliteStore.open(below))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(below.toString())
        .hasMessageContaining("--data");
    Files.createDirectory(file());
    assertThatThrownBy(() -> SqliteStore.open(file()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("--data");
  }

  private Map<String, Integer> killAfter(int lines) throws IOException, InterruptedException {
    Map<String, Integer> acknowledged = new HashMap<>();
    Process child = start();
    BufferedReader out = child.inputReader();
    String line = out.readLine();
    for (int i = 0; line != null; i++) {
      String[] words = line.split(" ", -1);
      if (words.length == 2 && !words[1].isEmpty()) {
        acknowledged.merge(words[0], Integer.valueOf(words[1]), Math::max);
      }
      if (i == lines) {
        // By its handle: the other way would also close the pipe with lines still in it.
        child.toHandle().destroyForcibly();
      }
      line = out.readLine();
    }
    return acknowledged;
  }

  private void checkLog(SqliteStore store, String id, int last) {
    List<byte[]> events = store.readLog(new ResponseId(OWNER, id), -1, 1000).events();
    assertThat(events).as(id).hasSizeGreaterThan(last);
    for (int number = 0; number < events.size(); number++) {
      assertThat(events.get(number)).isEqualTo(ChildServer.event(number));
    }
  }

  private Process start() throws IOException {
    Process child = launch(ProcessBuilder.Redirect.INHERIT);
    assertThat(child.inputReader().readLine()).isEqualTo("open");
    return child;
  }

  private Process launch(ProcessBuilder.Redirect errors) throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ChildServer.class.getName(),
                file().toString())
            .redirectError(errors)
            .start();
    children.add(child);
    return child;
  }

  private Path file() {
    return folder.resolve("data.db");
  }
}
