package antiphon.store.sqlite;

import antiphon.core.container.ContainerStore;
import antiphon.testkit.store.ContainerStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract of containers, over SQLite. */
final class SqliteContainersTest extends ContainerStoreContract {

  @TempDir private Path folder;
  private SqliteStore store;

  @BeforeEach
  void open() {
    store = SqliteStore.open(folder.resolve("data.db"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected ContainerStore containers() {
    return store.containers();
  }
}
