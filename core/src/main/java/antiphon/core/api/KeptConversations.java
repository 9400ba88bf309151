package antiphon.core.api;

import antiphon.core.conversation.ConversationId;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.protocol.conversation.Conversation;
import antiphon.protocol.conversation.CreateConversation;
import antiphon.protocol.item.Item;
import java.util.List;
import java.util.Map;

/**
 * The operations on conversations. Every method may throw {@link antiphon.core.response.Rejected}
 * and {@link antiphon.core.store.StoreException}. All block; call them on virtual threads.
 */
public interface KeptConversations {

  /** Makes a conversation, with up to 20 items. */
  Conversation create(Owner owner, CreateConversation request);

  /** The conversation. */
  Conversation get(ConversationId id);

  /** Replaces the metadata; the conversation after it. */
  Conversation update(ConversationId id, Map<String, String> metadata);

  /** Deletes it for good. Its items can still be referred to for a while. */
  void delete(ConversationId id);

  /**
   * The owner's conversations, by their last change.
   *
   * @param metadata pairs that each of them has
   * @param search a text whose words are all in one message, or in the metadata, of each of them;
   *     empty for all
   */
  Page<Conversation> list(
      Owner owner, PageRequest page, Map<String, String> metadata, String search);

  /** Adds 1 to 20 items; they as they are kept, each with an id. */
  List<Item> add(ConversationId id, List<Item> items);

  /** The items of a conversation, by their place. */
  Page<Item> items(ConversationId id, PageRequest page);

  /** One of its items. */
  Item item(ConversationId id, String itemId);

  /** Removes items, all or none; the conversation after that. */
  Conversation remove(ConversationId id, List<String> itemIds);
}
