package antiphon.sandbox.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import antiphon.core.sandbox.Execution;
import antiphon.core.sandbox.Sandbox;
import antiphon.core.sandbox.SandboxException;
import antiphon.sandbox.agent.Tries.Try;
import antiphon.sandbox.jail.JailSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A breaker inside: everything it tries is contained, and its output says why. */
final class BreakoutTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static JailSettings settings;
  private static JailedSandboxes sandboxes;
  private static ServerSocket host;
  private static Sandbox sandbox;

  @BeforeAll
  static void begin() throws Exception {
    settings = Bubblewrap.settings();
    sandboxes = new JailedSandboxes(settings, new SandboxLimits(8, 0, 1L << 28, 1L << 28));
    host = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Files.writeString(Path.of(Tries.SECRET), Tries.WORDS);
    sandbox = fresh();
  }

  @AfterAll
  static void end() throws IOException {
    if (sandboxes != null) {
      sandboxes.close();
      host.close();
      Files.delete(Path.of(Tries.SECRET));
    }
  }

  private static Sandbox fresh() throws Exception {
    Sandbox opened = sandboxes.open(1L << 28);
    run(opened, prelude() + "\nPORT = " + host.getLocalPort());
    return opened;
  }

  private static String prelude() throws IOException {
    try (InputStream in = BreakoutTest.class.getResourceAsStream("prelude.py")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String run(Sandbox inside, String code) throws Exception {
    StringBuilder said = new StringBuilder();
    Execution execution = inside.cell(code, LIMIT, 20_000, (_, text) -> said.append(text));
    return said.append(execution.error() == null ? "" : execution.error()).toString();
  }

  static List<Try> tries() {
    return Tries.all();
  }

  @ParameterizedTest
  @MethodSource("tries")
  void isContained(Try tried) throws Exception {
    String said = run(sandbox, tried.code()).strip();

    assertThat(said).doesNotContain("ESCAPED").doesNotContain(Tries.WORDS);
    assertThat(Pattern.compile(tried.reason(), Pattern.MULTILINE).matcher(said).find())
        .as(said)
        .isTrue();
    assertThat(run(sandbox, "print('still here')")).contains("still here");
  }

  /** The same words outside, where they work: so they would be seen inside. */
  @Test
  void whatIsTriedWorksWithoutASandbox() throws Exception {
    List<String> harmless =
        List.of(
            "a server of the host on loopback",
            "a file of the host by its path",
            "netlink",
            "the system's state",
            "the host's run folder");
    for (Try tried : Tries.all()) {
      if (harmless.contains(tried.name())) {
        String code = prelude() + "\nPORT = " + host.getLocalPort() + "\n" + tried.code();
        Process bare = new ProcessBuilder("python3", "-c", code).redirectErrorStream(true).start();
        String said = new String(bare.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).as(tried.name()).contains("ESCAPED");
      }
    }
  }

  @Test
  void thereAreManyTries() {
    assertThat(Tries.all()).hasSizeGreaterThanOrEqualTo(60);
  }

  @Test
  void aForkBombEndsWithItsCall() throws Exception {
    try (Sandbox own = fresh()) {
      StringBuilder said = new StringBuilder();
      Execution bomb =
          own.command(
              "b() { b | b & }; b; sleep 2; echo $(ls -d /proc/[0-9]* | wc -l)",
              Duration.ofSeconds(4),
              20_000,
              (_, text) -> said.append(text));
      assertThat(bomb.end()).isIn(Execution.End.DONE, Execution.End.TIMEOUT);
      assertThat(said.toString()).contains("Resource temporarily unavailable");
      assertThat(run(own, "len([p for p in os.listdir('/proc') if p.isdigit()])")).startsWith("3");
    }
  }

  @Test
  void aMemoryBombEndsInsideAndTheFilesStay() throws Exception {
    try (Sandbox own = fresh()) {
      own.write("kept.txt", 0, new byte[] {1});
      Execution bomb =
          own.cell("x = []\nwhile True: x.append(bytearray(1 << 20))", LIMIT, 1000, (_, _) -> {});
      assertThat(bomb.end()).isEqualTo(Execution.End.MEMORY);
      assertThat(bomb.stateKept()).isFalse();
      assertThat(own.files()).extracting("path").containsExactly("kept.txt");
      assertThat(run(own, "6 * 7")).contains("42");
    }
  }

  @Test
  void theDiskIsBoundedInBytesAndInFiles() throws Exception {
    try (Sandbox own = fresh()) {
      String full =
          run(own, "f = open('full', 'wb')\nwhile True: f.write(bytes(1 << 20)); f.flush()");
      assertThat(full).containsPattern("No space left|MemoryError|SIGKILL");
      own.command("rm -f full", LIMIT, 100, (_, _) -> {});
      assertThat(run(own, "import os\nfor i in range(10**6): os.mkdir('/tmp/d%d' % i)"))
          .contains("No space left on device");
      assertThat(own.command("rm -rf /tmp/d*; touch a", LIMIT, 100, (_, _) -> {}).exitCode())
          .isIn(0, 1);
    }
  }

  @Test
  void endlessOutputIsCut() throws Exception {
    StringBuilder said = new StringBuilder();
    Execution endless =
        sandbox.cell(
            "while True: print('x' * 1000)",
            Duration.ofSeconds(1),
            5000,
            (_, text) -> said.append(text));
    assertThat(endless.end()).isEqualTo(Execution.End.TIMEOUT);
    assertThat(said).hasSizeLessThanOrEqualTo(5000);
    assertThat(endless.dropped()).isPositive();
  }

  @Test
  void whatIgnoresSignalsIsEndedAllTheSame() throws Exception {
    try (Sandbox own = fresh()) {
      Execution stubborn =
          own.cell(
              "signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
              Duration.ofMillis(300),
              1000,
              (_, _) -> {});
      assertThat(stubborn.end()).isEqualTo(Execution.End.TIMEOUT);
      assertThat(stubborn.stateKept()).isFalse();
      assertThat(run(own, "'x' in globals()")).contains("False");
    }
  }

  @Test
  void whoEndsTheAgentEndsHisOwnSandboxAlone() throws Exception {
    try (Sandbox own = fresh()) {
      assertThat(catchThrowable(() -> run(own, "os.kill(2, 9)")))
          .isInstanceOf(SandboxException.class);
      assertThat(own.alive()).isFalse();
    }
    assertThat(run(sandbox, "print('still here')")).contains("still here");
  }

  @Test
  void whoStopsTheAgentHoldsNobody() throws Exception {
    try (Sandbox own = fresh()) {
      long begin = System.nanoTime();
      assertThat(
              catchThrowable(() ->
                  own.cell(
                      "os.kill(2, signal.SIGSTOP)", Duration.ofMillis(200), 100, (_, _) -> {})))
          .isInstanceOf(SandboxException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }
  }

  @Test
  void whoSpeaksInTheAgentsPlaceHarmsNobodyElse() throws Exception {
    for (String nonsense :
        List.of(
            "b'nonsense\\n'",
            "b'{}\\n' * 1000",
            "b'x' * (64 << 20)",
            "b'[' * 100000 + b'\\n'",
            "b'{\"ev\":\"done\",\"id\":1e99}\\n'",
            "b'{\"ev\":\"image\",\"id\":2,\"data\":7}\\n'")) {
      try (Sandbox own = fresh()) {
        try {
          run(
              own,
              "fd = os.open('/proc/2/fd/1', os.O_WRONLY)\nd = "
                  + nonsense
                  + "\nwhile d: d = d[os.write(fd, d):]");
        } catch (SandboxException _) {
          // It has ended: as good.
        }
      }
      assertThat(run(sandbox, "print('still here')")).contains("still here");
    }
  }

  @Test
  void nothingIsLeftOfAClosedSandbox() throws Exception {
    try (var own = new JailedSandboxes(alone(), new SandboxLimits(2, 0, 1L << 28, 1L << 28))) {
      Sandbox inside = own.open(1L << 28);
      inside.cell(
          "import subprocess\nfor _ in range(20): subprocess.Popen(['setsid', 'sleep', '1000'])\n"
              + "print(1)",
          LIMIT,
          100,
          (_, _) -> {});
      assertThat(Bubblewrap.left(alone())).isNotEmpty();
      inside.close();
      Bubblewrap.assertThatNothingIsLeft(alone());
    }
  }

  @Test
  void memoryIsBoundedWhereThereAreNoControlGroups() throws Exception {
    JailSettings without =
        new JailSettings(
            settings.bubblewrap(),
            null,
            null,
            settings.readable(),
            settings.firstUser() + 60_000,
            false,
            settings.bounds());
    try (var own = new JailedSandboxes(without, new SandboxLimits(2, 0, 1L << 28, 1L << 28));
        Sandbox inside = own.open(1L << 28)) {
      Execution alone = inside.cell("x = b'x' * (300 << 20)", LIMIT, 1000, (_, _) -> {});
      assertThat(alone.error()).contains("MemoryError");
      Execution together =
          inside.cell(
              "import os, time\nfor _ in range(4):\n  if os.fork() == 0:\n"
                  + "    x = b'x' * (150 << 20)\n    time.sleep(60)\ntime.sleep(15)",
              LIMIT,
              1000,
              (_, _) -> {});
      assertThat(together.end()).isEqualTo(Execution.End.MEMORY);
      assertThat(run(inside, "6 * 7")).contains("42");
    }
  }

  /** Users of its own, so that its processes are told from those of other tests. */
  private static JailSettings alone() {
    return new JailSettings(
        settings.bubblewrap(),
        null,
        null,
        settings.readable(),
        settings.firstUser() + 50_000,
        settings.cgroups(),
        settings.bounds());
  }
}
