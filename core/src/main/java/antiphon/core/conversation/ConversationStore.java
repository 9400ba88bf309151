package antiphon.core.conversation;

import antiphon.core.response.Owner;
import antiphon.core.store.NewResponse;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps conversations and their items, each once. What a response read and said joins its
 * conversation in the transaction that ends the response, see {@link JoinedItems}; responses of one
 * conversation take turns.
 *
 * <p>All calls block, and throw {@link antiphon.core.store.StoreException} if the store cannot be
 * reached. Items and metadata are JSON bytes that are not looked into.
 */
public interface ConversationStore {

  /** How many background responses may wait for their turn in one conversation. */
  int MOST_WAITING = 100;

  /**
   * Makes a conversation.
   *
   * @param metadata found again by its pairs and the words of its values
   * @param items with ids that all differ
   */
  StoredConversation create(ConversationId id, Map<String, String> metadata, List<NewItem> items);

  /** Finds a conversation of this owner; deleted ones are not found. */
  Optional<StoredConversation> find(ConversationId id);

  /** Replaces the metadata; the conversation after that. */
  Optional<StoredConversation> update(ConversationId id, Map<String, String> metadata);

  /**
   * Hides a conversation for good. Its items can still be {@linkplain #item(Owner, String) found}
   * by their ids until they are purged.
   *
   * @return false if there is none
   */
  boolean delete(ConversationId id);

  /**
   * One page of an owner's conversations, by last change.
   *
   * @return empty if {@code after} or {@code before} names none of this owner's
   */
  Optional<Page<StoredConversation>> list(Owner owner, PageRequest page, ConversationFilter filter);

  /**
   * Adds items behind those there are.
   *
   * @param maxBytes how large the conversation may become, as JSON
   */
  Added add(ConversationId id, List<NewItem> items, long maxBytes);

  /** Removes items, all or none. */
  Removed remove(ConversationId id, List<String> itemIds);

  /**
   * One page of a conversation's items, by their place.
   *
   * @param maxBytes about how large the page may be: it ends before the item that would make it
   *     larger, but is never empty for that
   * @return empty if {@code after} or {@code before} names no item of it
   */
  Optional<Page<byte[]>> items(ConversationId id, PageRequest page, long maxBytes);

  /** One item of a conversation. */
  Optional<byte[]> item(ConversationId id, String itemId);

  /** An item of any conversation of this owner, deleted ones included. */
  Optional<byte[]> item(Owner owner, String itemId);

  /**
   * All items of a conversation.
   *
   * @param maxBytes how large they may be together
   */
  History history(ConversationId id, long maxBytes);

  /**
   * Writes a new response that is to write to a conversation. A background one gets in line behind
   * those that run or wait there, and is not claimed before they have ended. A foreground one is
   * written only if nobody runs or waits.
   *
   * @param version of the history that the response was made with; checked for foreground ones
   * @param key its Idempotency-Key, or null
   * @param requestHash what to remember the request by, if it has a key
   */
  Turn begin(
      NewResponse response,
      ConversationId conversation,
      long version,
      @Nullable String key,
      byte[] requestHash);
}
