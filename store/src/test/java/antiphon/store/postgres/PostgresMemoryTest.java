package antiphon.store.postgres;

import antiphon.core.memory.MemoryStore;
import antiphon.core.store.ResponseStore;
import antiphon.core.vector.VectorCatalog;
import antiphon.store.sql.TableScan;
import antiphon.testkit.memory.MemoryStoreContract;
import java.sql.Connection;

/** The contract of memories, over PostgreSQL. */
final class PostgresMemoryTest extends MemoryStoreContract {

  @Override
  protected ResponseStore open() throws Exception {
    PostgresStore store = PostgresStore.open(Server.url());
    Server.empty();
    return store;
  }

  @Override
  protected MemoryStore memory() {
    return ((PostgresStore) store()).memory();
  }

  @Override
  protected VectorCatalog catalog() {
    return ((PostgresStore) store()).vectors();
  }

  @Override
  protected int rowsWith(String table, String text) throws Exception {
    try (Connection connection = Server.connect()) {
      return TableScan.rowsWith(connection, table, text);
    }
  }
}
