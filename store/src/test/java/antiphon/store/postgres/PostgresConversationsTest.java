package antiphon.store.postgres;

import antiphon.core.conversation.ConversationStore;
import antiphon.core.store.ResponseStore;
import antiphon.testkit.store.ConversationStoreContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The contract of conversations, over PostgreSQL with two nodes. */
final class PostgresConversationsTest extends ConversationStoreContract {

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

  @Override
  protected ConversationStore conversations(ResponseStore store) {
    return ((PostgresStore) store).conversations();
  }

  @AfterEach
  void closeOther() {
    if (other != null) {
      other.close();
    }
  }
}
