package antiphon.store.sqlite;

import antiphon.core.prompt.PromptStore;
import antiphon.testkit.store.PromptStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract of prompts, over SQLite. */
final class SqlitePromptsTest extends PromptStoreContract {

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
  protected PromptStore prompts() {
    return store.prompts();
  }
}
