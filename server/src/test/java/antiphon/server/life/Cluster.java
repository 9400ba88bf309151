package antiphon.server.life;

import antiphon.core.engine.Engine;
import antiphon.core.run.RunnerSettings;
import antiphon.core.store.LocalSignals;
import antiphon.core.store.Signals;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.StoreSettings;
import antiphon.server.wiring.Storage;
import antiphon.testkit.store.PostgresServer;
import antiphon.testkit.store.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several nodes on one PostgreSQL database, each reaching it through a network of its own. */
final class Cluster implements AutoCloseable {

  private final PostgresServer postgres;
  private final String database;
  private final List<AutoCloseable> owned = new ArrayList<>();

  /**
   * @param postgres is shared with other tests
   */
  Cluster(PostgresServer postgres) {
    this.postgres = postgres;
    try {
      this.database = postgres.database();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A node whose runs are this engine's. */
  Node node(Engine engine) {
    return node(engine, Node.settings(64, 1000), network());
  }

  Node node(Engine engine, RunnerSettings run, TcpProxy network) {
    return own(new Node(storage(network.port()), run, engine));
  }

  /** A node that is woken through Redis. */
  Node redisNode(Engine engine, String redis) {
    return own(new Node(storage(postgres.port(), redis), Node.settings(64, 1000), engine));
  }

  /** A node that hears no other node, and that none hears. */
  Node deafNode(Engine engine) {
    Storage all = storage(postgres.port());
    Signals deaf = new LocalSignals();
    all.signals().close();
    return own(
        new Node(
            new Storage(all.responses(), all.conversations(), all.keys(), deaf),
            Node.settings(64, 1000),
            engine));
  }

  /** A way to the database that can be cut. */
  TcpProxy network() {
    try {
      return own(new TcpProxy(postgres.port()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Storage storage(int port) {
    return storage(port, null);
  }

  private Storage storage(int port, @Nullable String signals) {
    StoreSettings settings = new StoreSettings(PostgresServer.url(port, database), signals, 30, 24);
    return Storage.open(settings, new DataFolder(Path.of("unused")));
  }

  private <T extends AutoCloseable> T own(T part) {
    owned.addFirst(part);
    return part;
  }

  @Override
  public void close() {
    owned.forEach(Cluster::closed);
  }

  private static void closed(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
