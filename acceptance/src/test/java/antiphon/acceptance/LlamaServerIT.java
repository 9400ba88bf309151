package antiphon.acceptance;

import antiphon.engines.model.ModelFetcher;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real second engine: llama.cpp's own server behind {@code antiphon serve --engine}. */
class LlamaServerIT {

  private final Path home = Path.of(System.getProperty("antiphon.home"));
  private final Path module = home.resolve("acceptance");

  @Test
  void everythingThroughLlamaCppsServer(@TempDir Path data) throws Exception {
    Clients clients = Clients.install(module.resolve("target"));
    Path model = new ModelFetcher(module.resolve("target/models")).fetch((_, _) -> {});
    try (PythonEngine engine =
            PythonEngine.start(clients, module, data, "llama_server.py", model.toString());
        RunningServer server =
            RunningServer.start(home, data.resolve("server"), "--engine", engine.address())) {
      new PythonTests(module, clients, server.address())
          .with("ENGINE_URL", engine.address())
          .run("sdk_llama.py");
    }
  }
}
