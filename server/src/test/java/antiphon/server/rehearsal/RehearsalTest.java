package antiphon.server.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
  void aServerThatWarmsUpLeavesNothingBehind(@TempDir Path parent) throws Exception {
    Rehearsal.warmUp(Duration.ofSeconds(1), parent);
    try (Stream<Path> left = Files.list(parent)) {
      assertThat(left).isEmpty();
    }
  }
}
