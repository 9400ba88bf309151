package antiphon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    // The model is kept between runs; everything else is fresh.
    Path models = module.resolve("target/models");
    Files.createDirectories(models);
    Files.createSymbolicLink(data.resolve("models"), models);
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
    Path tests = module.resolve("src/test/python");
    Programs.Result result =
        Programs.run(
            tests,
            environment(),
            LIMIT,
            List.of(
                clients.pythonCommand().toString(),
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "--maxfail=5",
                file));
    System.out.println(result.output());
    assertThat(result.exit()).as(result.output()).isZero();
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
            environment(),
            LIMIT,
            List.of("node", "--test", "--test-reporter=spec", script.toString()));
    System.out.println(result.output());
    assertThat(result.exit()).as(result.output()).isZero();
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("ANTIPHON_URL", server.address());
    environment.put("ANTIPHON_KEY", RunningServer.KEY);
    environment.put(
        "ANTIPHON_SCHEMA", module.resolve("src/test/resources/contract/schema.json").toString());
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    return environment;
  }
}
