package antiphon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The libraries that people build agents with, unchanged: text, stream, structured output and a
 * loop of tool calls each, over an engine with known answers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class LibrariesIT {

  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Path home = Path.of(System.getProperty("antiphon.home"));
  private final Path module = home.resolve("acceptance");
  private Clients clients;
  private PythonEngine engine;
  private RunningServer server;
  private PythonTests tests;

  @BeforeAll
  void start(@TempDir Path data) {
    clients = Clients.install(module.resolve("target"));
    engine = PythonEngine.start(clients, module, data, "upstream.py");
    server = RunningServer.start(home, data.resolve("server"), "--engine", engine.address());
    tests = new PythonTests(module, clients, server.address());
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void python() {
    tests.run("sdk_openai.py", "sdk_agents.py", "sdk_peers.py");
  }

  @Test
  void javaScript() throws IOException {
    // Node looks for packages beside the script.
    Path script = clients.nodeFolder().resolve("sdk.test.mjs");
    Files.copy(
        module.resolve("src/test/node/sdk.test.mjs"), script, StandardCopyOption.REPLACE_EXISTING);
    run(clients.nodeFolder(), List.of("node", "--test", "--test-reporter=spec", script.toString()));
  }

  @Test
  void java() throws IOException {
    Path project = module.resolve("target/sdk-java");
    copy(module.resolve("src/test/sdk-java"), project);
    run(project, List.of("mvn", "-B", "-ntp", "-q", "test"));
  }

  private void run(Path folder, List<String> command) {
    Programs.Result result = Programs.run(folder, tests.environment(), LIMIT, command);
    System.out.println(result.output());
    assertThat(result.exit()).as(result.output()).isZero();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
