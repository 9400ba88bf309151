package antiphon.store.sqlite;

import antiphon.core.store.ResponseStore;
import antiphon.testkit.store.ResponseStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of stores, over SQLite. */
final class SqliteStoreTest extends ResponseStoreContract {

  @TempDir private Path folder;

  @Override
  protected ResponseStore open() {
    return SqliteStore.open(folder.resolve("data.db"));
  }
}
