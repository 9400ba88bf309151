package antiphon.server.cli;

import antiphon.core.api.Keys;
import antiphon.core.engine.Engines;
import antiphon.core.run.RunnerSettings;
import antiphon.core.store.LocalSignals;
import antiphon.engines.embedded.EmbeddedEngine;
import antiphon.http.HttpSettings;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.ServerSettings;
import antiphon.server.wiring.Server;
import antiphon.store.sqlite.SqliteKeyStore;
import antiphon.store.sqlite.SqliteStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the server and stays until it is told to stop. */
@Command(
    name = "serve",
    description = "Starts the server.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init")
final class ServeCommand implements Callable<Integer> {

  @Option(names = "--host", paramLabel = "ADDRESS", description = "Default: 127.0.0.1")
  private @Nullable String host;

  @Option(names = "--port", paramLabel = "PORT", description = "Default: 8080; 0 takes a free one")
  private @Nullable Integer port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where everything is kept. Default: $XDG_DATA_HOME/antiphon")
  private @Nullable Path data;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "A GGUF file. Default: SmolLM2-135M-Instruct, downloaded once")
  private @Nullable Path model;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings, as YAML")
  private @Nullable Path config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ServerSettings settings =
        ServerSettings.read(config, System.getenv())
            .with(new ServerSettings.Given(host, port, model));
    DataFolder folder = DataFolder.of(data, System.getenv());
    folder.create();
    PrintWriter out = spec.commandLine().getOut();
    Path weights = new ModelFile(folder, spec.commandLine().getErr()).resolve(settings.model());
    try (SqliteStore store = SqliteStore.open(folder.database());
        SqliteKeyStore keys = SqliteKeyStore.open(folder.database());
        Engines engines = new Engines(List.of(EmbeddedEngine.open(weights, settings.embedded())))) {
      RunnerSettings run = settings.runner(node(), engines.concurrency());
      HttpSettings web = settings.http();
      try (LocalSignals signals = new LocalSignals();
          Server server = new Server(run, web, store, keys, signals, engines)) {
        serve(server, settings, folder, engines, out);
      }
    }
    return 0;
  }

  private static void serve(
      Server server,
      ServerSettings settings,
      DataFolder folder,
      Engines engines,
      PrintWriter out)
      throws InterruptedException {
    int listening = server.start();
    String address = "http://" + settings.host() + ":" + listening;
    Keys.@Nullable NewKey fresh = FirstKey.of(server.keys(), System.getenv());
    new Welcome(address, engines.models().getFirst().id(), folder.root(), fresh).print(out);
    folder.announce(address);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopOnSignal(stop, stopped)));
    stop.await();
    folder.unannounce();
    server.close(settings.grace());
    stopped.countDown();
  }

  /** The hook must stay until the main thread is done, or the machine would stop under its feet. */
  private static void stopOnSignal(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static String node() {
    return "node_" + UUID.randomUUID().toString().replace("-", "");
  }
}
