package antiphon.store.sqlite;

import antiphon.core.conversation.ConversationStore;
import antiphon.core.store.ResponseStore;
import antiphon.testkit.store.ConversationStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of conversations, over SQLite. */
final class SqliteConversationsTest extends ConversationStoreContract {

  @TempDir private Path folder;

  @Override
  protected ResponseStore open() {
    return SqliteStore.open(folder.resolve("data.db"));
  }

  @Override
  protected ConversationStore conversations(ResponseStore store) {
    return ((SqliteStore) store).conversations();
  }
}
