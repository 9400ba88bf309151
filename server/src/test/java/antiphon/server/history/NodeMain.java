package antiphon.server.history;

import antiphon.core.engine.Engines;
import antiphon.core.run.RunnerSettings;
import antiphon.core.store.Retention;
import antiphon.core.store.StoreException;
import antiphon.http.wire.HttpSettings;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.StoreSettings;
import antiphon.server.wiring.Server;
import antiphon.server.wiring.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * A node in a process of its own. Arguments: the address of the database, or the folder of one in a
 * file; the port; the lease in ms; the key; the seeded bug.
 */
final class NodeMain {

  private NodeMain() {}

  public static void main(String[] args) throws InterruptedException {
    Storage plain = open(args[0]);
    Bug bug = Bug.valueOf(args[4]);
    Storage storage =
        new Storage(
            bug.in(plain.responses()),
            plain.conversations(),
            plain.keys(),
            bug.in(plain.signals()));
    RunnerSettings run =
        new RunnerSettings(
            "node_" + UUID.randomUUID(), 64, 1000, Duration.ofMillis(Long.parseLong(args[2])), 50);
    Server server =
        new Server(
            run,
            new Retention(Duration.ofDays(30), Duration.ofDays(1)),
            HttpSettings.defaults().withAddress("127.0.0.1", Integer.parseInt(args[1])),
            storage,
            new Engines(List.of(new CountingEngine())));
    var _ = server.keys().adopt("tests", "", args[3]);
    var _ = server.start();
    Thread.currentThread().join();
  }

  /** The database may be away just now. */
  private static Storage open(String where) {
    boolean address = where.startsWith("postgres");
    Path folder = Path.of(address ? "unused" : where);
    while (true) {
      try {
        return Storage.open(
            new StoreSettings(address ? where : null, null, 30, 24), new DataFolder(folder));
      } catch (StoreException e) {
        System.err.println("not yet: " + e.getMessage());
      }
    }
  }
}
