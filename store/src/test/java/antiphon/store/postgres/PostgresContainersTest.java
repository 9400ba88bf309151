package antiphon.store.postgres;

import antiphon.core.container.ContainerStore;
import antiphon.testkit.store.ContainerStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract of containers, over PostgreSQL. */
final class PostgresContainersTest extends ContainerStoreContract {

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
  protected ContainerStore containers() {
    return store.containers();
  }
}
