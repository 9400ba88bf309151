package antiphon.http.resource;

import antiphon.core.api.KeptConversations;
import antiphon.core.conversation.ConversationId;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.http.error.Refusal;
import antiphon.http.route.Call;
import antiphon.http.route.Mount;
import antiphon.protocol.conversation.Conversation;
import antiphon.protocol.conversation.ConversationDeleted;
import antiphon.protocol.conversation.CreateConversation;
import antiphon.protocol.conversation.CreateItems;
import antiphon.protocol.conversation.DeleteItems;
import antiphon.protocol.conversation.UpdateConversation;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.ListPage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** {@code /conversations} and all below it. */
public final class ConversationsResource {

  private static final TypeReference<Map<String, String>> PAIRS = new TypeReference<>() {};
  private static final Set<String> LIST_PARAMETERS =
      Set.of("limit", "order", "after", "before", "search", "metadata");

  private final KeptConversations conversations;
  private final JsonBody bodies;

  /**
   * @param bodies reads requests' bodies
   */
  public ConversationsResource(KeptConversations conversations, JsonBody bodies) {
    this.conversations = conversations;
    this.bodies = bodies;
  }

  /** POST: makes one; a body is not needed. */
  public void create(Call call, Owner owner) throws InterruptedException {
    CreateConversation given = bodies.readIfAny(call.exchange(), CreateConversation.class);
    CreateConversation request = given == null ? new CreateConversation(null, null) : given;
    Replies.json(call.exchange(), conversations.create(owner, request));
  }

  /** GET: the owner's, the one that has not changed for the longest time first. */
  public void list(Call call, Owner owner) throws InterruptedException {
    PageRequest page = Lists.page(call.query(), false);
    String search = call.query().text("search");
    Page<Conversation> found =
        conversations.list(owner, page, metadata(call), search == null ? "" : search);
    List<Conversation> data = found.data();
    String first = data.isEmpty() ? "" : data.getFirst().id();
    String last = data.isEmpty() ? "" : data.getLast().id();
    Replies.json(call.exchange(), new ListPage<>(data, found.hasMore(), first, last));
  }

  /**
   * The pairs asked for: as JSON, or as {@code metadata[key]=value}. MKA1's client writes those of
   * an object as parameters of their own.
   */
  private static Map<String, String> metadata(Call call) {
    Map<String, String> pairs = new HashMap<>();
    String json = call.query().text("metadata");
    if (json != null) {
      try {
        pairs.putAll(Json.read(json.getBytes(StandardCharsets.UTF_8), PAIRS));
      } catch (InvalidJson _) {
        throw Refusal.badRequest(
            "metadata", "Invalid 'metadata': must be a JSON object whose values are texts.");
      }
      if (pairs.containsKey(null) || pairs.containsValue(null)) {
        throw Refusal.badRequest("metadata", "Invalid 'metadata': a value is null.");
      }
    }
    for (String name : call.query().names()) {
      String value = call.query().text(name);
      if (name.startsWith("metadata[") && name.endsWith("]")) {
        pairs.put(name.substring("metadata[".length(), name.length() - 1), or(value));
      } else if (call.mount() == Mount.MKA1 && !LIST_PARAMETERS.contains(name)) {
        pairs.put(name, or(value));
      }
    }
    return pairs;
  }

  private static String or(@Nullable String value) {
    return value == null ? "" : value;
  }

  /** GET of one. */
  public void get(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), conversations.get(id(call, owner)));
  }

  /** POST to one: replaces its metadata. */
  public void update(Call call, Owner owner) throws InterruptedException {
    UpdateConversation request = bodies.read(call.exchange(), UpdateConversation.class);
    Replies.json(call.exchange(), conversations.update(id(call, owner), request.metadata()));
  }

  /** DELETE of one. */
  public void delete(Call call, Owner owner) throws InterruptedException {
    ConversationId id = id(call, owner);
    conversations.delete(id);
    Replies.json(call.exchange(), new ConversationDeleted(id.value(), true));
  }

  /** POST to {@code items}: adds some. */
  public void addItems(Call call, Owner owner) throws InterruptedException {
    ResponsesResource.includes(call);
    CreateItems request = bodies.read(call.exchange(), CreateItems.class);
    List<Item> added = conversations.add(id(call, owner), request.items());
    Replies.json(call.exchange(), Lists.items(new Page<>(added, false)));
  }

  /** GET of {@code items}: each mount in the order that its clients take for the usual one. */
  public void items(Call call, Owner owner) throws InterruptedException {
    ResponsesResource.includes(call);
    PageRequest page = Lists.page(call.query(), call.mount() == Mount.OPENAI);
    Replies.json(call.exchange(), Lists.items(conversations.items(id(call, owner), page)));
  }

  /** GET of one item. */
  public void item(Call call, Owner owner) throws InterruptedException {
    ResponsesResource.includes(call);
    Replies.json(call.exchange(), conversations.item(id(call, owner), itemId(call)));
  }

  /** DELETE of one item. */
  public void deleteItem(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), conversations.remove(id(call, owner), List.of(itemId(call))));
  }

  /** DELETE of {@code items}: of those that the body names. */
  public void deleteItems(Call call, Owner owner) throws InterruptedException {
    DeleteItems request = bodies.read(call.exchange(), DeleteItems.class);
    Replies.json(call.exchange(), conversations.remove(id(call, owner), request.itemIds()));
  }

  private static ConversationId id(Call call, Owner owner) {
    return new ConversationId(owner, withoutNul("conversation_id", call.variables().getFirst()));
  }

  private static String itemId(Call call) {
    return withoutNul("item_id", call.variables().getLast());
  }

  private static String withoutNul(String param, String value) {
    if (value.indexOf('\0') >= 0) {
      throw Refusal.badRequest(param, "Invalid '" + param + "': must not contain a NUL character.");
    }
    return value;
  }
}
