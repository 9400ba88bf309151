package antiphon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.testkit.store.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clients' tests once more: three nodes on one PostgreSQL, each request to the next one. */
class ClusterIT {

  private static final int NODES = 3;

  private final Path home = Path.of(System.getProperty("antiphon.home"));
  private final Path module = home.resolve("acceptance");

  @Test
  void threeNodesAreOneServer(@TempDir Path folder) throws Exception {
    Clients clients = Clients.install(module.resolve("target"));
    List<RunningServer> nodes = new ArrayList<>();
    try (PostgresServer postgres = new PostgresServer(folder)) {
      String store = PostgresServer.url(postgres.port(), postgres.database());
      try {
        for (int i = 0; i < NODES; i++) {
          nodes.add(node(folder.resolve("node" + i), store));
        }
        String all = nodes.stream().map(RunningServer::address).collect(Collectors.joining(","));
        new PythonTests(module, clients, all)
            .run(
                "test_mka1.py",
                "test_openai.py",
                "test_cancel.py",
                "test_streams.py",
                "test_http.py",
                "test_rules.py");
      } finally {
        nodes.forEach(RunningServer::close);
      }
      for (RunningServer node : nodes) {
        assertThat(node.output()).doesNotContain(" ERROR ");
      }
    }
  }

  private RunningServer node(Path data, String store) throws IOException {
    Files.createDirectories(data);
    RunningServer.keepModels(module, data);
    return RunningServer.start(home, data, "--store", store);
  }
}
