package antiphon.store.postgres;

import antiphon.core.prompt.PromptStore;
import antiphon.testkit.store.PromptStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract of prompts, over PostgreSQL. */
final class PostgresPromptsTest extends PromptStoreContract {

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
  protected PromptStore prompts() {
    return store.prompts();
  }
}
