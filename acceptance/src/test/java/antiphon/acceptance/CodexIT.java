package antiphon.acceptance;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** codex, unchanged, through the whole server, over an engine with known answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class CodexIT {

  private final Path home = Path.of(System.getProperty("antiphon.home"));
  private final Path module = home.resolve("acceptance");
  private Clients clients;
  private PythonEngine engine;
  private RunningServer server;

  @BeforeAll
  void start(@TempDir Path data) {
    clients = Clients.install(module.resolve("target"));
    engine = PythonEngine.start(clients, module, data, "codex_engine.py");
    server = RunningServer.start(home, data.resolve("server"), "--engine", engine.address());
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
  void worksOutOfTheBox() {
    new PythonTests(module, clients, server.address())
        .with("ANTIPHON_CODEX", clients.codexCommand().toString())
        .with("ANTIPHON_ENGINE", engine.address())
        .run("sdk_codex.py");
  }
}
