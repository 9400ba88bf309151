package antiphon.server.cli;

import antiphon.core.api.Keys;
import antiphon.core.service.KeyService;
import antiphon.core.store.KeyStore;
import antiphon.core.store.StoreException;
import antiphon.server.demo.Demo;
import antiphon.server.demo.DemoClient;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.ServerSettings;
import antiphon.server.wiring.Installation;
import antiphon.server.wiring.Storage;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows in half a minute what the server is for. */
@Command(
    name = "demo",
    description = "Starts a long background response, shows it as it comes, and cancels it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init")
final class DemoCommand implements Callable<Integer> {

  @Mixin private ServeOptions options;
  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      defaultValue = "4",
      paramLabel = "N",
      description = "How long to let it write. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Override
  public Integer call() throws InterruptedException {
    DataFolder folder = options.folder();
    PrintWriter out = spec.commandLine().getOut();
    Optional<String> running = folder.address().filter(DemoClient::answers);
    if (running.isPresent()) {
      out.println("Using the server at " + running.get() + ".");
      return show(folder, running.get(), out);
    }
    out.println("No server runs on " + folder.root() + ": starting one for the demo.");
    out.flush();
    ServerSettings settings = options.settings().at("127.0.0.1", 0, options.settings().model());
    PrintWriter err = spec.commandLine().getErr();
    try (Installation server =
        Installation.start(
            settings,
            folder,
            options.engines(settings, folder, err),
            options.routing().tenants())) {
      return show(folder, server.address(), out);
    } catch (StoreException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }

  /** With a key of its own, which is revoked at the end. */
  private int show(DataFolder folder, String address, PrintWriter out) throws InterruptedException {
    try (KeyStore store = Storage.openKeys(options.settings().store(), folder)) {
      KeyService keys = new KeyService(store, InstantSource.system());
      Keys.NewKey key = keys.create("demo", "for 'antiphon demo'");
      try (DemoClient client = new DemoClient(address, key.key())) {
        boolean proven = new Demo(client, out, Duration.ofSeconds(seconds)).run();
        return proven ? 0 : 1;
      } finally {
        var _ = keys.revoke(key.stored().id());
      }
    }
  }
}
