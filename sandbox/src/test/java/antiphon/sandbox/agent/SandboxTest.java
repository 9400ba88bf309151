package antiphon.sandbox.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.sandbox.Execution;
import antiphon.core.sandbox.Readiness;
import antiphon.core.sandbox.Sandbox;
import antiphon.core.sandbox.SandboxException;
import antiphon.core.sandbox.SandboxFile;
import antiphon.core.sandbox.SandboxOutput.Stream;
import antiphon.sandbox.jail.JailSettings;
import antiphon.testkit.store.Await;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a sandbox does for who behaves. */
@Timeout(120)
final class SandboxTest {

  private static final long MEMORY = 1L << 28;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static JailSettings settings;
  private static JailedSandboxes sandboxes;

  private final StringBuilder out = new StringBuilder();
  private final StringBuilder err = new StringBuilder();

  @BeforeAll
  static void begin() throws Exception {
    settings = Bubblewrap.settings();
    sandboxes = new JailedSandboxes(settings, new SandboxLimits(4, 1, MEMORY, MEMORY));
  }

  @AfterAll
  static void end() {
    if (sandboxes != null) {
      sandboxes.close();
      assertThat(sandboxes.count()).isZero();
    }
  }

  private void hear(Stream stream, String text) {
    (stream == Stream.STDOUT ? out : err).append(text);
  }

  private Execution cell(Sandbox sandbox, String code) throws Exception {
    out.setLength(0);
    err.setLength(0);
    return sandbox.cell(code, LIMIT, 10_000, this::hear);
  }

  @Test
  void variablesStayFromCellToCell() throws Exception {
    try (Sandbox sandbox = sandboxes.open(MEMORY)) {
      cell(sandbox, "x = 20");
      cell(sandbox, "def double(y): return 2 * y");

      Execution last = cell(sandbox, "print('is', end=' ')\ndouble(x) + 2");

      assertThat(last).isEqualTo(new Execution(Execution.End.DONE, null, null, true, false, 0));
      assertThat(out).hasToString("is 42\n");
    }
  }

  @Test
  void errorsComeWithTheirTraceback() throws Exception {
    try (Sandbox sandbox = sandboxes.open(MEMORY)) {
      Execution failed = cell(sandbox, "def f():\n  return 1 / 0\nprint('so far')\nf()");

      assertThat(failed.end()).isEqualTo(Execution.End.ERROR);
      assertThat(out).hasToString("so far\n");
      assertThat(failed.error())
          .startsWith("Traceback (most recent call last):\n  File \"<cell 1>\", line 4")
          .contains("return 1 / 0")
          .endsWith("ZeroDivisionError: division by zero\n")
          .doesNotContain("cells.py");
      assertThat(cell(sandbox, "f(").error()).contains("SyntaxError");
    }
  }

  @Test
  void streamsAreKeptApartAndCutAtALimit() throws Exception {
    try (Sandbox sandbox = sandboxes.open(MEMORY)) {
      Execution cut =
          sandbox.cell(
              "import sys, os\nprint('ä' * 20)\nprint('e', file=sys.stderr)\nos.system('echo c')",
              LIMIT,
              10,
              this::hear);

      assertThat(out).hasToString("ä".repeat(10));
      assertThat(err).hasToString("e\n");
      assertThat(cut.dropped()).isEqualTo(15);
    }
  }

  @Test
  void aCellIsInterruptedAndItsVariablesStay() throws Exception {
    try (Sandbox sandbox = sandboxes.open(MEMORY)) {
      Execution late =
          sandbox.cell("n = 7\nwhile True: pass", Duration.ofMillis(200), 100, this::hear);

      assertThat(late.end()).isEqualTo(Execution.End.TIMEOUT);
      assertThat(late.stateKept()).isTrue();
      assertThat(late.error()).contains("while True: pass").contains("KeyboardInterrupt");
      cell(sandbox, "n");
      assertThat(out).hasToString("7\n");
    }
  }

  @Test
  void whoIsInterruptedLeavesNothingRunning() throws Exception {
    try (Sandbox sandbox = sandboxes.open(MEMORY)) {
      cell(sandbox, "n = 7");
      CountDownLatch running = new CountDownLatch(1);
      AtomicLong ended = new AtomicLong();
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  sandbox.cell(
                      "import os\nos.system('sleep 500 &')\nprint(1)\nwhile True: pass",
                      LIMIT,
                      100,
                      (_, _) -> running.countDown());
                } catch (InterruptedException e) {
                  ended.set(System.nanoTime());
                } catch (SandboxException e) {
                  throw new AssertionError(e);
                }
              });
      running.await();
      caller.interrupt();
      caller.join();

      assertThat(ended.get()).isPositive();
      assertThat(sandbox.alive()).isTrue();
      cell(sandbox, "import glob\nn, len(glob.glob('/proc/[0-9]*'))");
      assertThat(out).hasToString("(7, 3)\n");
    }
  }

  @Test
  void commandsSayTheirExitCodeAndLeaveNothing() throws Exception {
    try (Sandbox sandbox = sandboxes.open(MEMORY)) {
      Execution three =
          sandbox.command(
              "sleep 100 & echo out; echo err >&2; pwd; exit 3", LIMIT, 100, this::hear);
      assertThat(three.exitCode()).isEqualTo(3);
      assertThat(out).hasToString("out\n/mnt/data\n");
      assertThat(err).hasToString("err\n");

      Execution killed = sandbox.command("kill -9 $$", LIMIT, 100, this::hear);
      assertThat(killed.exitCode()).isEqualTo(137);

      Execution late =
          sandbox.command("echo a; sleep 100", Duration.ofMillis(200), 100, this::hear);
      assertThat(late.end()).isEqualTo(Execution.End.TIMEOUT);
      cell(sandbox, "import os\nlen([p for p in os.listdir('/proc') if p.isdigit()])");
      assertThat(out).hasToString("3\n");
    }
  }

  @Test
  void filesGoInAndOut() throws Exception {
    byte[] large = new byte[600_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i * 31);
    }
    try (Sandbox sandbox = sandboxes.open(MEMORY)) {
      for (int at = 0; at < large.length; at += Sandbox.MAX_PART) {
        int end = Math.min(large.length, at + Sandbox.MAX_PART);
        sandbox.write("in/large.bin", at, java.util.Arrays.copyOfRange(large, at, end));
      }
      cell(sandbox, "d = open('in/large.bin', 'rb').read()\nopen('copy', 'wb').write(d)\nlen(d)");
      assertThat(out).hasToString("600000\n");

      assertThat(sandbox.files())
          .extracting(SandboxFile::path)
          .containsExactly("copy", "in/large.bin");
      var read = new java.io.ByteArrayOutputStream();
      for (byte[] part = sandbox.read("copy", 0, Sandbox.MAX_PART);
          part.length > 0;
          part = sandbox.read("copy", read.size(), Sandbox.MAX_PART)) {
        read.writeBytes(part);
      }
      assertThat(read.toByteArray()).isEqualTo(large);
      sandbox.delete("copy");
      assertThat(sandbox.files()).extracting(SandboxFile::bytes).containsExactly(600_000L);
      for (String path : List.of("copy", "../x", "/etc/passwd", "in", "in/../../x", "a\0b")) {
        assertThatThrownBy(() -> sandbox.read(path, 0, 10))
            .isInstanceOfSatisfying(
                SandboxException.class,
                e -> assertThat(e.kind()).isEqualTo(SandboxException.Kind.FILE));
      }
    }
  }

  @Test
  void whatIsNoRegularFileIsNotRead() throws Exception {
    try (Sandbox sandbox = sandboxes.open(MEMORY)) {
      cell(sandbox, "import os\nos.mkfifo('fifo')\nos.symlink('/dev/zero', 'zero')");
      assertThat(sandbox.files()).isEmpty();
      for (String path : List.of("fifo", "zero")) {
        assertThatThrownBy(() -> sandbox.read(path, 0, 10)).isInstanceOf(SandboxException.class);
        assertThatThrownBy(() -> sandbox.write(path, 0, new byte[1]))
            .isInstanceOf(SandboxException.class);
      }
    }
  }

  @Test
  void aWarmOneIsReadyForTheNext() throws Exception {
    sandboxes.open(MEMORY).close();
    Await.until("one is warm", () -> sandboxes.warmCount() == 1);
    long begin = System.nanoTime();
    try (Sandbox sandbox = sandboxes.open(MEMORY)) {
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(50));
      cell(sandbox, "1 + 1");
      assertThat(out).hasToString("2\n");
    }
  }

  @Test
  void moreThanThereMayBeAreRefused() throws Exception {
    try (var few = new JailedSandboxes(settings, new SandboxLimits(1, 0, MEMORY, MEMORY))) {
      try (Sandbox _ = few.open(MEMORY)) {
        assertThatThrownBy(() -> few.open(MEMORY)).hasMessageContaining("in use");
        assertThatThrownBy(() -> few.open(MEMORY + 1)).isInstanceOf(SandboxException.class);
      }
      few.open(MEMORY).close();
    }
  }

  @Test
  void whereTheProgramIsMissingThereAreNone() throws Exception {
    var missing =
        new JailSettings(
            "/nowhere/bwrap",
            null,
            null,
            List.of(),
            800_000_000,
            true,
            JailSettings.Bounds.DEFAULT);
    try (var none = new JailedSandboxes(missing, SandboxLimits.DEFAULT)) {
      assertThat(none.readiness())
          .isInstanceOfSatisfying(
              Readiness.Off.class, off -> assertThat(off.advice()).contains("Install bubblewrap"));
      assertThatThrownBy(() -> none.open(MEMORY)).isInstanceOf(SandboxException.class);
    }
  }

  private static long folders(long pid) throws java.io.IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (var all = java.nio.file.Files.list(temporary)) {
      String prefix = "antiphon-sandbox-" + pid + "-";
      return all.filter(path -> path.getFileName().toString().startsWith(prefix)).count();
    }
  }

  @Test
  void aKilledServerLeavesNoProcess() throws Exception {
    int users = settings.firstUser() + 100_000;
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                CrashingServer.class.getName(),
                settings.bubblewrap(),
                String.valueOf(users))
            .redirectErrorStream(true)
            .start();
    var mine =
        new JailSettings(
            settings.bubblewrap(), null, null, List.of(), users, true, settings.bounds());
    try (var lines =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null && !line.equals("running")) {
        line = lines.readLine();
      }
      assertThat(line).isEqualTo("running");
      assertThat(Bubblewrap.left(mine)).hasSizeGreaterThan(20);
      server.destroyForcibly();
      Await.until("nothing is left", () -> Bubblewrap.left(mine).isEmpty());
      assertThat(folders(server.pid())).isEqualTo(1);
      try (var next = new JailedSandboxes(settings, new SandboxLimits(1, 0, MEMORY, MEMORY))) {
        next.open(MEMORY).close();
        assertThat(folders(server.pid())).isZero();
      }
    } finally {
      server.destroyForcibly();
    }
  }
}
