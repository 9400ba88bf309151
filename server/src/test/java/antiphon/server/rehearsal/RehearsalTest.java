package antiphon.server.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class RehearsalTest {

  @Test
  @Timeout(60)
  void aServerStartsHumsIsCancelledAndStops() throws Exception {
    StringWriter said = new StringWriter();

    assertThat(Rehearsal.run(new PrintWriter(said))).isTrue();
    assertThat(said.toString())
        .contains("hm ", "cancelled for good", " calls answered.")
        .doesNotContain("\n0 calls");
  }

  @Test
  @Timeout(60)
  void aServerThatWarmsUpLeavesNothingBehind() throws Exception {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Set<Path> before = folders(temporary);
    Rehearsal.warmUp(Duration.ofSeconds(1));
    Set<Path> left = folders(temporary);
    left.removeAll(before);
    assertThat(left).isEmpty();
  }

  private static Set<Path> folders(Path parent) throws IOException {
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(child -> child.getFileName().toString().startsWith("antiphon-rehearsal-"))
          .collect(Collectors.toCollection(HashSet::new));
    }
  }
}
