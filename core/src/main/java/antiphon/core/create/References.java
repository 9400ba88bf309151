package antiphon.core.create;

import antiphon.core.conversation.ConversationStore;
import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemReference;
import antiphon.protocol.item.Items;
import antiphon.protocol.json.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks item references up: in the conversation so far, then in the responses that the items belong
 * to, then in all conversations. Each of these is read once, however many of its items are referred
 * to.
 */
final class References {

  private final ResponseStore store;
  private final @Nullable ConversationStore conversations;
  private final Owner owner;
  private final Room room;
  private final Map<String, Item> known = new HashMap<>();
  private final Set<String> read = new HashSet<>();

  /**
   * @param room what is read of other responses is taken from
   */
  References(
      ResponseStore store, @Nullable ConversationStore conversations, Owner owner, Room room) {
    this.store = store;
    this.conversations = conversations;
    this.owner = owner;
    this.room = room;
  }

  /** Items of the conversation; of several with one id the first one is meant. */
  void add(List<Item> items) {
    items.forEach(this::add);
  }

  /** The next item of the conversation. */
  void add(Item item) {
    if (item.id() != null) {
      known.putIfAbsent(item.id(), item);
    }
  }

  /**
   * The item itself.
   *
   * @param index its place in the input
   * @throws Rejected if it refers to nothing, or to too much
   */
  Item resolved(Item item, int index) throws InterruptedException {
    if (!(item instanceof ItemReference reference)) {
      return item;
    }
    String param = "input[" + index + "].id";
    Item found = known.get(reference.id());
    if (found == null) {
      String response = Ids.responseOf(reference.id()).orElse(null);
      if (response != null && read.add(response)) {
        read(response, param);
        found = known.get(reference.id());
      }
    }
    if (found == null) {
      found = kept(reference.id(), param);
    }
    if (found == null) {
      throw Rejected.invalid(param, "Item with id '" + reference.id() + "' not found.");
    }
    return found;
  }

  /** One of any conversation. */
  private @Nullable Item kept(String itemId, String param) {
    Optional<byte[]> item =
        conversations == null ? Optional.empty() : conversations.item(owner, itemId);
    item.ifPresent(json -> room.take(param, json.length));
    return item.map(json -> Json.readStored(json, Item.class)).orElse(null);
  }

  private void read(String responseId, String param) throws InterruptedException {
    room.enter();
    ResponseId id = new ResponseId(owner, responseId);
    Optional<byte[]> input = store.input(id);
    if (input.isPresent()) {
      room.take(param, input.get().length);
      add(Items.list(input.get()));
      Optional<StoredResponse> found = store.find(id);
      byte @Nullable [] snapshot = found.isPresent() ? found.get().snapshot() : null;
      if (snapshot != null) {
        room.take(param, snapshot.length);
        add(Json.readStored(snapshot, Output.class).output());
      }
    }
  }

  /** What a conversation takes of a response; the rest of it is passed over. */
  record Output(List<Item> output) {}
}
