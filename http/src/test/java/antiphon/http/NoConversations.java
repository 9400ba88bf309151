package antiphon.http;

import antiphon.core.api.KeptConversations;
import antiphon.core.conversation.ConversationId;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.protocol.conversation.Conversation;
import antiphon.protocol.conversation.CreateConversation;
import antiphon.protocol.item.Item;
import java.util.List;
import java.util.Map;

/** There are none, and none can be made. */
final class NoConversations implements KeptConversations {

  private static Rejected none() {
    return new Rejected(new Problem.NotFound("There are no conversations.", "conversation_id"));
  }

  @Override
  public Conversation create(Owner owner, CreateConversation request) {
    throw none();
  }

  @Override
  public Conversation get(ConversationId id) {
    throw none();
  }

  @Override
  public Conversation update(ConversationId id, Map<String, String> metadata) {
    throw none();
  }

  @Override
  public void delete(ConversationId id) {
    throw none();
  }

  @Override
  public Page<Conversation> list(
      Owner owner, PageRequest page, Map<String, String> metadata, String search) {
    return new Page<>(List.of(), false);
  }

  @Override
  public List<Item> add(ConversationId id, List<Item> items) {
    throw none();
  }

  @Override
  public Page<Item> items(ConversationId id, PageRequest page) {
    throw none();
  }

  @Override
  public Item item(ConversationId id, String itemId) {
    throw none();
  }

  @Override
  public Conversation remove(ConversationId id, List<String> itemIds) {
    throw none();
  }
}
