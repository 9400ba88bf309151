package antiphon.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code antiphon config check} says, and how it exits. */
class ConfigCommandTest {

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aFileWithoutMistakes() throws IOException {
    Path file = write("server: {port: 9000}");
    assertThat(check(file)).isZero();
    assertThat(out.toString()).contains("no mistake");
  }

  @Test
  void everyMistakeIsALineOfItsOwn() throws IOException {
    Path file = write("server:\n  port: x\nruns:\n  max_waiting: -1\n");
    assertThat(check(file)).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            file + ", line 2, column 9: server.port must be an integer between 0 and 65535, not x",
            file
                + ", line 4, column 16: runs.max_waiting must be an integer between 0 and 10000000,"
                + " not -1");
  }

  @Test
  void aFileThatIsNotThere() {
    assertThat(check(folder.resolve("none.yaml"))).isEqualTo(1);
    assertThat(err.toString()).contains("There is no readable configuration file");
  }

  private int check(Path file) {
    CommandLine line = AntiphonCommand.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute("config", "check", "--config", file.toString());
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("antiphon.yaml"), yaml);
  }
}
