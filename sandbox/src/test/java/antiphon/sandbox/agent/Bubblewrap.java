package antiphon.sandbox.agent;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.sandbox.Readiness;
import antiphon.sandbox.jail.JailSettings;
import antiphon.testkit.sandbox.BubblewrapProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The program that sandboxes are made with, for tests: the machine's, or Debian's package. */
final class Bubblewrap {

  private Bubblewrap() {}

  /** Settings that work here; the test is left out where none do, and says why. */
  static synchronized JailSettings settings() throws IOException, InterruptedException {
    JailSettings usual = JailSettings.DEFAULT;
    JailSettings settings =
        new JailSettings(
            BubblewrapProgram.path(),
            usual.python(),
            null,
            usual.readable(),
            usual.firstUser(),
            usual.cgroups(),
            usual.bounds());
    try (var trial = new JailedSandboxes(settings, new SandboxLimits(2, 0, 1 << 28, 1 << 28))) {
      if (trial.readiness() instanceof Readiness.Off off) {
        Assumptions.abort("no sandboxes on this machine: " + off.reason() + ". " + off.advice());
      }
    }
    return settings;
  }

  /** Processes of the host that belong to users of sandboxes. */
  static List<String> left(JailSettings settings) {
    int first = settings.firstUser();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(path -> path.getFileName().toString().chars().allMatch(Character::isDigit))
          .filter(path -> ours(path, first))
          .map(Path::toString)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean ours(Path process, int first) {
    try {
      int user = (Integer) Files.getAttribute(process, "unix:uid");
      return user >= first && user < first + 10_000;
    } catch (IOException _) {
      return false;
    }
  }

  static void assertThatNothingIsLeft(JailSettings settings) {
    assertThat(left(settings)).isEmpty();
  }
}
