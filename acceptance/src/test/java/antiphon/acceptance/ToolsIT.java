package antiphon.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tools that the server runs, with published MCP servers and published clients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ToolsIT {

  private final Path home = Path.of(System.getProperty("antiphon.home"));
  private final Path module = home.resolve("acceptance");
  private Clients clients;
  private PythonEngine engine;
  private PythonEngine fast;
  private NodeMcpServer everything;
  private RunningServer server;

  @BeforeAll
  void start(@TempDir Path data) throws IOException {
    clients = Clients.install(module.resolve("target")).withMcpServers();
    engine = PythonEngine.start(clients, module, data, "tools_engine.py");
    fast = PythonEngine.start(clients, module, data, "mcp_fast.py");
    everything = NodeMcpServer.start(clients, data);
    Path config = data.resolve("antiphon.yaml");
    Files.writeString(config, "tools: {allow_hosts: [127.0.0.1]}\n");
    server =
        RunningServer.start(
            home,
            data.resolve("server"),
            "--engine",
            engine.address(),
            "--config",
            config.toString());
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
    if (everything != null) {
      everything.close();
    }
    if (fast != null) {
      fast.close();
    }
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void servePublishedClients() {
    new PythonTests(module, clients, server.address())
        .with("ANTIPHON_EVERYTHING", everything.address())
        .with("ANTIPHON_FASTMCP", fast.address())
        .run("sdk_tools.py");
  }

  @Test
  void codeAndContainers() {
    new PythonTests(module, clients, server.address()).run("sdk_sandbox.py");
  }
}
