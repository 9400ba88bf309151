package antiphon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every client's own tests against one running server. Each file is one test here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ClientsIT {

  private static final Duration LIMIT = Duration.ofMinutes(8);

  private final Path home = Path.of(System.getProperty("antiphon.home"));
  private final Path module = home.resolve("acceptance");
  private Clients clients;
  private RunningServer server;

  @BeforeAll
  void start(@TempDir Path data) throws IOException {
    clients = Clients.install(module.resolve("target"));
    RunningServer.keepModels(module, data);
    server = RunningServer.start(home, data);
  }

  @AfterAll
  void stop() throws IOException {
    if (server != null) {
      server.close();
      assertThat(server.output()).doesNotContain(" ERROR ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "test_mka1.py",
        "test_openai.py",
        "test_cancel.py",
        "test_streams.py",
        "test_http.py",
        "test_rules.py",
        "test_fuzz.py"
      })
  void python(String file) {
    new PythonTests(module, clients, server.address()).run(file);
  }

  @Test
  void node() throws IOException {
    // Node looks for packages beside the script.
    Path script = clients.nodeFolder().resolve("openai.test.mjs");
    Files.copy(
        module.resolve("src/test/node/openai.test.mjs"),
        script,
        StandardCopyOption.REPLACE_EXISTING);
    Programs.Result result =
        Programs.run(
            clients.nodeFolder(),
            new PythonTests(module, clients, server.address()).environment(),
            LIMIT,
            List.of("node", "--test", "--test-reporter=spec", script.toString()));
    System.out.println(result.output());
    assertThat(result.exit()).as(result.output()).isZero();
  }
}
