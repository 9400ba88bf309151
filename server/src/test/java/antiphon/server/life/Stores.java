package antiphon.server.life;

import antiphon.core.engine.Engine;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.SettingsFile;
import antiphon.server.settings.StoreSettings;
import antiphon.server.wiring.Storage;
import antiphon.testkit.store.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Both stores, for what must be the same on either. PostgreSQL is started when it is needed. */
final class Stores implements AutoCloseable {

  enum Kind {
    SQLITE,
    POSTGRES
  }

  private @Nullable PostgresServer postgres;
  private String address = "";

  /** A database in a file in this folder, as a server has it that nothing is said to. */
  static Storage sqlite(Path folder) {
    return Storage.open(SettingsFile.read(null, Map.of()).store(), new DataFolder(folder));
  }

  /** A node with an empty store, which can be reached beside it. */
  record Opened(Node node, Storage storage) implements AutoCloseable {
    @Override
    public void close() {
      node.close();
    }
  }

  Opened open(Kind kind, Engine engine) {
    Storage storage = storage(kind, folder());
    return new Opened(new Node(storage, Node.settings(64, 1000), engine), storage);
  }

  /** The same with a node that searches files. */
  Opened searching(Kind kind, Engine engine) {
    Storage storage = storage(kind, folder());
    return new Opened(new Node(storage, engine), storage);
  }

  /** An empty store, with a node's data in this folder. */
  Storage storage(Kind kind, Path folder) {
    if (kind == Kind.POSTGRES) {
      var _ = url();
    }
    return again(kind, folder);
  }

  /** The last store that was made, once more. */
  synchronized Storage again(Kind kind, Path folder) {
    return Storage.open(
        switch (kind) {
          case SQLITE -> SettingsFile.read(null, Map.of()).store();
          case POSTGRES -> new StoreSettings(address, null, 30, 24);
        },
        new DataFolder(folder));
  }

  private synchronized String url() {
    if (postgres == null) {
      postgres = new PostgresServer(folder());
    }
    try {
      address = PostgresServer.url(postgres.port(), postgres.database());
      return address;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where the last database is, for JDBC. */
  synchronized String address() {
    return "jdbc:" + address.replace("postgres@", "") + "?user=postgres";
  }

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("antiphon-stores");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (postgres != null) {
      postgres.close();
    }
  }
}
