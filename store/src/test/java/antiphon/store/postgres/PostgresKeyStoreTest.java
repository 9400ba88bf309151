package antiphon.store.postgres;

import antiphon.core.store.KeyStore;
import antiphon.testkit.store.KeyStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract of key stores, over PostgreSQL. */
final class PostgresKeyStoreTest extends KeyStoreContract {

  private PostgresStore store;

  @BeforeEach
  void open() throws Exception {
    store = PostgresStore.open(Server.url());
    Server.empty();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected KeyStore keys() {
    return store.keys();
  }
}
