package antiphon.core.service;

import antiphon.core.api.KeptConversations;
import antiphon.core.conversation.Added;
import antiphon.core.conversation.ConversationFilter;
import antiphon.core.conversation.ConversationId;
import antiphon.core.conversation.ConversationStore;
import antiphon.core.conversation.NewItem;
import antiphon.core.conversation.Removed;
import antiphon.core.conversation.StoredConversation;
import antiphon.core.conversation.Words;
import antiphon.core.create.CreateRules;
import antiphon.core.create.ItemPrefix;
import antiphon.core.create.ShownInput;
import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.protocol.conversation.Conversation;
import antiphon.protocol.conversation.CreateConversation;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemReference;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.json.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The operations on conversations. */
public final class ConversationService implements KeptConversations {

  private static final int MOST_AT_ONCE = 20;
  private static final int MOST_REMOVED = 1000;
  private static final int MAX_SEARCH = 1024;

  private final ConversationStore store;
  private final long maxBytes;
  private final Ids ids;

  /**
   * @param maxBytes how large a conversation may be, as JSON
   * @param clock the store's
   */
  public ConversationService(ConversationStore store, long maxBytes, InstantSource clock) {
    this.store = store;
    this.maxBytes = maxBytes;
    this.ids = new Ids(clock);
  }

  @Override
  public Conversation create(Owner owner, CreateConversation request) {
    Map<String, String> metadata = request.metadata() == null ? Map.of() : request.metadata();
    CreateRules.metadata(metadata);
    List<Item> items = request.items() == null ? List.of() : request.items();
    List<Item> kept = prepared(owner, items);
    ConversationId id = new ConversationId(owner, ids.next("conv"));
    return shown(store.create(id, metadata, kept.stream().map(NewItem::of).toList()));
  }

  @Override
  public Conversation get(ConversationId id) {
    return shown(store.find(id).orElseThrow(() -> NotFound.conversation(id.value())));
  }

  @Override
  public Conversation update(ConversationId id, Map<String, String> metadata) {
    CreateRules.metadata(metadata);
    return shown(store.update(id, metadata).orElseThrow(() -> NotFound.conversation(id.value())));
  }

  @Override
  public void delete(ConversationId id) {
    if (!store.delete(id)) {
      throw NotFound.conversation(id.value());
    }
  }

  @Override
  public Page<Conversation> list(
      Owner owner, PageRequest page, Map<String, String> metadata, String search) {
    CreateRules.metadata(metadata);
    String words = words(search);
    Page<StoredConversation> found =
        store
            .list(owner, page, new ConversationFilter(metadata, words))
            .orElseThrow(() -> NotFound.cursor(page));
    return new Page<>(
        found.data().stream().map(ConversationService::shown).toList(), found.hasMore());
  }

  private static String words(String search) {
    if (search.isEmpty()) {
      return "";
    }
    if (search.length() > MAX_SEARCH) {
      throw Rejected.invalid(
          "search", "Invalid 'search': must have at most " + MAX_SEARCH + " characters.");
    }
    String words = Words.of(List.of(search));
    if (words.isEmpty()) {
      throw Rejected.invalid("search", "Invalid 'search': must have a word.");
    }
    return words;
  }

  @Override
  public List<Item> add(ConversationId id, List<Item> items) {
    if (items.isEmpty()) {
      throw Rejected.invalid("items", "Invalid 'items': must have at least 1 entry.");
    }
    if (store.find(id).isEmpty()) {
      throw NotFound.conversation(id.value());
    }
    List<Item> kept = prepared(id.owner(), items);
    return switch (store.add(id, kept.stream().map(NewItem::of).toList(), maxBytes)) {
      case Added.Done _ -> kept.stream().map(ShownInput::of).toList();
      case Added.Gone _ -> throw NotFound.conversation(id.value());
      case Added.Taken(String itemId) -> throw taken(itemId, items);
      case Added.TooLarge _ ->
          throw new Rejected(
              new Problem.Invalid(
                  "The conversation would be larger than the "
                      + maxBytes
                      + " bytes that one may have.",
                  "items",
                  "conversation_too_large"));
    };
  }

  private static Rejected taken(String itemId, List<Item> items) {
    int index = items.stream().map(Item::idOrEmpty).toList().indexOf(itemId);
    return Rejected.invalid(
        "items[" + index + "].id",
        "The conversation has an item with the id '" + itemId + "' already.");
  }

  /** Checks new items, looks references up, and gives those an id that have none. */
  private List<Item> prepared(Owner owner, List<Item> items) {
    if (items.size() > MOST_AT_ONCE) {
      throw Rejected.invalid(
          "items",
          "Invalid 'items': must have at most "
              + MOST_AT_ONCE
              + " entries, but has "
              + items.size()
              + ".");
    }
    CreateRules.items("items", items);
    List<Item> prepared = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      Item item = whole(owner, items.get(i), i);
      if (!seen.add(item.idOrEmpty())) {
        throw Rejected.invalid(
            "items[" + i + "].id", "The id '" + item.id() + "' is given to two items.");
      }
      prepared.add(item);
    }
    return prepared;
  }

  private Item whole(Owner owner, Item item, int index) {
    if (item instanceof ItemReference reference) {
      return store
          .item(owner, reference.id())
          .map(ConversationService::read)
          .orElseThrow(() ->
              Rejected.invalid(
                  "items[" + index + "].id", "Item with id '" + reference.id() + "' not found."));
    }
    if (item instanceof UnknownItem unknown && unknown.type().equals("compaction_trigger")) {
      throw Rejected.invalid(
          "items[" + index + "].type", "'compaction_trigger' is for requests, not to be kept.");
    }
    return item.id() == null ? item.withId(ids.next(ItemPrefix.of(item))) : item;
  }

  @Override
  public Page<Item> items(ConversationId id, PageRequest page) {
    if (store.find(id).isEmpty()) {
      throw NotFound.conversation(id.value());
    }
    Page<byte[]> found =
        store.items(id, page, Pages.MAX_BYTES).orElseThrow(() -> NotFound.cursor(page));
    return new Page<>(
        found.data().stream().map(json -> ShownInput.of(read(json))).toList(), found.hasMore());
  }

  @Override
  public Item item(ConversationId id, String itemId) {
    if (store.find(id).isEmpty()) {
      throw NotFound.conversation(id.value());
    }
    return ShownInput.of(read(store.item(id, itemId).orElseThrow(() -> NotFound.item(itemId))));
  }

  @Override
  public Conversation remove(ConversationId id, List<String> itemIds) {
    if (itemIds.isEmpty() || itemIds.size() > MOST_REMOVED) {
      throw Rejected.invalid(
          "item_ids", "Invalid 'item_ids': must have 1 to " + MOST_REMOVED + " entries.");
    }
    List<String> each = itemIds.stream().distinct().toList();
    for (String itemId : each) {
      if (itemId.indexOf('\0') >= 0) {
        throw NotFound.item(itemId.replace("\0", ""));
      }
    }
    return switch (store.remove(id, each)) {
      case Removed.Done(StoredConversation conversation) -> shown(conversation);
      case Removed.Missing(String itemId) -> throw NotFound.item(itemId);
      case Removed.Gone _ -> throw NotFound.conversation(id.value());
    };
  }

  private static Item read(byte[] json) {
    return Json.readStored(json, Item.class);
  }

  private static Conversation shown(StoredConversation stored) {
    return new Conversation(
        stored.id().value(), stored.createdAt() / 1000, null, Metadata.read(stored.metadata()));
  }
}
