package antiphon.server.cli;

import antiphon.core.api.Keys;
import antiphon.core.store.StoreException;
import antiphon.server.rehearsal.Rehearsal;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.ServerSettings;
import antiphon.server.wiring.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Starts the server and stays until it is told to stop. */
@Command(
    name = "serve",
    description = "Starts the server.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init")
final class ServeCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Mixin private ServeOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    ServerSettings settings = options.settings();
    DataFolder folder = options.folder();
    PrintWriter err = spec.commandLine().getErr();
    warmUp(settings);
    Installation server = start(settings, folder, err);
    Keys.@Nullable NewKey fresh = FirstKey.of(server.keys(), System.getenv());
    new Welcome(
            server.address(),
            server.defaultModel(),
            folder.root(),
            fresh,
            settings.model() == null && ModelFile.isDefault(server.defaultModel()))
        .print(spec.commandLine().getOut());
    server.announce();
    stay(server, settings);
    return 0;
  }

  /** Where it cannot be done, the first requests are as slow as they are without. */
  private static void warmUp(ServerSettings settings) throws InterruptedException {
    if (settings.warmUp().isPositive()) {
      try {
        Rehearsal.warmUp(settings.warmUp());
      } catch (IOException | RuntimeException e) {
        LOG.warn("the server could not be warmed up: {}", e.toString());
      }
    }
  }

  private Installation start(ServerSettings settings, DataFolder folder, PrintWriter err)
      throws InterruptedException {
    try {
      return Installation.start(
          settings, folder, options.engines(settings, folder, err), options.routing().tenants());
    } catch (StoreException | IllegalStateException | IllegalArgumentException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }

  private static void stay(Installation server, ServerSettings settings)
      throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopOnSignal(stop, stopped)));
    stop.await();
    server.close(settings.grace());
    stopped.countDown();
    // The signal is ending the program already; leaving main now would only race with it.
    Thread.currentThread().join();
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
}
