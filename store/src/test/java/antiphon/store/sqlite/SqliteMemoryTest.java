package antiphon.store.sqlite;

import antiphon.core.memory.MemoryStore;
import antiphon.core.store.ResponseStore;
import antiphon.core.vector.VectorCatalog;
import antiphon.store.sql.TableScan;
import antiphon.testkit.memory.MemoryStoreContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.io.TempDir;

/** The contract of memories, over SQLite. */
final class SqliteMemoryTest extends MemoryStoreContract {

  @TempDir private Path folder;

  @Override
  protected ResponseStore open() {
    return SqliteStore.open(folder.resolve("data.db"));
  }

  @Override
  protected MemoryStore memory() {
    return ((SqliteStore) store()).memory();
  }

  @Override
  protected VectorCatalog catalog() {
    return ((SqliteStore) store()).vectors();
  }

  @Override
  protected int rowsWith(String table, String text) throws Exception {
    try (Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data.db"))) {
      return TableScan.rowsWith(connection, table, text);
    }
  }
}
