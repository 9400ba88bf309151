package antiphon.store.postgres;

import antiphon.core.store.ResponseStore;
import antiphon.testkit.store.ResponseStoreContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The contract of stores, over PostgreSQL with two nodes. */
final class PostgresStoreTest extends ResponseStoreContract {

  private @Nullable PostgresStore other;

  @Override
  protected ResponseStore open() throws Exception {
    PostgresStore store = PostgresStore.open(Server.url());
    Server.empty();
    return store;
  }

  @Override
  protected ResponseStore otherNode() {
    PostgresStore node = PostgresStore.open(Server.url());
    other = node;
    return node;
  }

  @AfterEach
  void closeOther() {
    if (other != null) {
      other.close();
    }
  }
}
