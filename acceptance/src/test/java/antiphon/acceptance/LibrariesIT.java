package antiphon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The libraries that people build agents with, unchanged: text, stream, structured output and a
 * loop of tool calls each, over an engine with known answers. With {@code -Dclients.all=true} the
 * heavy ones too.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class LibrariesIT {

  /** Set for the libraries too that take minutes to install or to compile. */
  private static final String ALL = "clients.all";

  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final Path home = Path.of(System.getProperty("antiphon.home"));
  private final Path module = home.resolve("acceptance");
  private Clients clients;
  private PythonEngine engine;
  private RunningServer server;
  private PythonTests tests;

  @BeforeAll
  void start(@TempDir Path data) {
    clients =
        Boolean.getBoolean(ALL)
            ? Clients.installAll(module.resolve("target"))
            : Clients.install(module.resolve("target"));
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
    tests.run(
        "sdk_openai.py",
        "sdk_agents.py",
        "sdk_conversations.py",
        "sdk_compaction.py",
        "sdk_langchain.py",
        "sdk_pydantic_ai.py",
        "sdk_haystack.py",
        "sdk_mka1.py",
        "sdk_open_responses.py",
        "sdk_websocket.py",
        "sdk_published_types.py",
        "sdk_peers.py");
  }

  @Test
  void theTypesThatAreReadAgainAreThoseOfThePackage() throws IOException {
    Path made = module.resolve("target/openai-types.jsonl.gz");
    String python = clients.pythonCommand().toString();
    run(module.resolve("src/test/python"), List.of(python, "openai_types.py", made.toString()));
    assertThat(unpacked(made))
        .isEqualTo(unpacked(home.resolve("protocol/src/test/resources/openai-types.jsonl.gz")));
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true")
  void semanticKernel() {
    tests.run("sdk_semantic_kernel.py");
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true")
  void mastra() throws IOException {
    node(clients.mastraFolder(), "mastra.test.mjs");
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true")
  void go() throws IOException {
    Path project = module.resolve("target/sdk-go");
    copy(module.resolve("src/test/sdk-go"), project);
    run(project, List.of("go", "test", "-count=1", "./..."));
  }

  @Test
  void javaScript() throws IOException {
    node(clients.nodeFolder(), "sdk.test.mjs");
  }

  @Test
  void java() throws IOException {
    Path project = module.resolve("target/sdk-java");
    copy(module.resolve("src/test/sdk-java"), project);
    run(project, List.of("mvn", "-B", "-ntp", "-q", "test"));
  }

  /** Runs a script in the folder whose packages it needs: Node looks for them beside it. */
  private void node(Path folder, String name) throws IOException {
    Path script = folder.resolve(name);
    Path source = module.resolve("src/test/node").resolve(name);
    Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
    run(folder, List.of("node", "--test", "--test-reporter=spec", script.toString()));
  }

  private static byte[] unpacked(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
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
