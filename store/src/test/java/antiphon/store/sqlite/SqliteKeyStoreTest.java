package antiphon.store.sqlite;

import antiphon.core.store.KeyStore;
import antiphon.testkit.store.KeyStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract of key stores, over SQLite. */
final class SqliteKeyStoreTest extends KeyStoreContract {

  @TempDir private Path folder;
  private SqliteKeyStore keys;

  @BeforeEach
  void open() {
    keys = SqliteKeyStore.open(folder.resolve("data.db"));
  }

  @AfterEach
  void close() {
    keys.close();
  }

  @Override
  protected KeyStore keys() {
    return keys;
  }
}
