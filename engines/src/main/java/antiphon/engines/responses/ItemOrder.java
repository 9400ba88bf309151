package antiphon.engines.responses;

import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings the items that an engine tells into the order of the API: each begins once, has a place of
 * its own, and its events name it. What an engine leaves out is put in; what cannot be read is left
 * out, and its item closed from what was told before.
 */
final class ItemOrder {

  private static final Logger LOG = LoggerFactory.getLogger(ItemOrder.class);
  private static final String ADDED = "response.output_item.added";
  private static final String DONE = "response.output_item.done";
  private static final String INDEX = "output_index";

  private final PieceSink sink;
  private final List<Told> all = new ArrayList<>();
  private final Map<Integer, Told> byIndex = new HashMap<>();
  private final Map<String, Told> byId = new HashMap<>();

  ItemOrder(PieceSink sink) {
    this.sink = sink;
  }

  /** Takes in an event that is not about the whole response. */
  void accept(String type, ObjectNode event) throws InterruptedException {
    switch (type) {
      case ADDED -> added(event);
      case DONE -> done(event);
      default -> within(type, event);
    }
  }

  /** The response as the engine tells it at its end may have items that it has not told before. */
  void end(JsonNode response) throws InterruptedException {
    Set<Told> matched = new HashSet<>();
    int position = 0;
    for (JsonNode node : response.path("output")) {
      if (node instanceof ObjectNode item) {
        Told told = match(item, position, matched);
        Told known = told == null ? begin(-1, item) : told;
        matched.add(known);
        if (!known.done) {
          close(known, itemEvent(DONE, item));
        }
      }
      position++;
    }
    String text = response.path("output_text").asString("");
    if (all.isEmpty() && !text.isEmpty()) {
      ObjectNode message = Items.of("message");
      message.putArray("content").add(Items.text("output_text", text));
      close(begin(-1, message), itemEvent(DONE, message));
    }
  }

  /** By its id; else by its place, as some engines give an item another id at the end. */
  private @Nullable Told match(ObjectNode item, int position, Set<Told> matched) {
    Told byItsId = byId.get(id(item));
    if (byItsId != null) {
      return byItsId;
    }
    Told there = position < all.size() ? all.get(position) : null;
    boolean same = there != null && there.type.equals(Items.type(item)) && !matched.contains(there);
    return same ? there : null;
  }

  private void added(ObjectNode event) throws InterruptedException {
    if (event.path("item") instanceof ObjectNode item && !byId.containsKey(id(item))) {
      begin(event.path(INDEX).asInt(-1), item);
    }
  }

  private void done(ObjectNode event) throws InterruptedException {
    if (!(event.path("item") instanceof ObjectNode item)) {
      return;
    }
    Told told = byId.get(id(item));
    if (told == null) {
      Told there = byIndex.get(event.path(INDEX).asInt(-1));
      boolean same = there != null && !there.done && there.type.equals(Items.type(item));
      told = same ? there : null;
    }
    if (told == null) {
      told = begin(event.path(INDEX).asInt(-1), item);
    }
    if (!told.done) {
      close(told, event);
    }
  }

  private void close(Told told, ObjectNode event) throws InterruptedException {
    told.done = true;
    ObjectNode item = event.path("item").asObject();
    if (told.wrote && Items.saysNothing(item)) {
      // It is closed from what it was told piece by piece.
      return;
    }
    Items.complete(item, told.name, told.callId);
    if (!told.begun) {
      var _ = hand(itemEvent(ADDED, item).put(INDEX, told.place)) || left(ADDED);
    }
    event.put(INDEX, told.place);
    if (!hand(event)) {
      event.set("item", Items.readable(item));
      if (!hand(event)) {
        left(DONE);
      }
    }
  }

  private Told begin(int index, ObjectNode item) throws InterruptedException {
    ObjectNode first = item.deepCopy();
    Items.complete(first, "", "");
    Told told = new Told(all.size(), Items.type(first), first);
    all.add(told);
    byIndex.put(index, told);
    if (!id(item).isEmpty()) {
      byId.put(id(item), told);
    }
    Items.empty(first);
    ObjectNode event = itemEvent(ADDED, first).put(INDEX, told.place);
    if (!hand(event)) {
      event.set("item", Items.readable(first));
      // What cannot be read without all that it will have begins at its end.
      told.begun = hand(event);
    }
    return told;
  }

  private void within(String type, ObjectNode event) throws InterruptedException {
    String kind = Items.kindOf(type);
    Told told = find(event, kind);
    if (told == null) {
      if (kind == null && !event.has(INDEX) && !event.has("item_id")) {
        // About no item: what this version does not know, most likely.
        var _ = hand(event) || left(type);
      }
      return;
    }
    if (!told.begun || (told.done && kind != null)) {
      return;
    }
    event.put(INDEX, told.place).put("item_id", told.id);
    part(told, type, event);
    told.wrote |= Items.isText(type) && !event.path("delta").asString("").isEmpty();
    if (type.equals("response.function_call_arguments.done") && !event.has("name")) {
      // The API's own schema requires what its servers never send.
      event.put("name", told.name);
    }
    if (!hand(event)) {
      Items.mend(event);
      var _ = hand(event) || left(type);
    }
  }

  /** The item that an event is about. One that was never begun is, where the event says enough. */
  private @Nullable Told find(ObjectNode event, @Nullable String kind) throws InterruptedException {
    Told told = byId.get(event.path("item_id").asString(""));
    if (told == null && event.path(INDEX).isInt()) {
      told = byIndex.get(event.path(INDEX).asInt());
    }
    if (kind == null) {
      return told;
    }
    if (told == null && !event.has(INDEX) && !event.has("item_id") && !all.isEmpty()) {
      told = all.getLast();
    }
    if (told != null && told.type.equals(kind)) {
      return told;
    }
    if (!Items.canBeMade(kind)) {
      return told;
    }
    ObjectNode item = Items.of(kind);
    String id = event.path("item_id").asString("");
    if (!id.isEmpty() && !byId.containsKey(id)) {
      item.put("id", id);
    }
    return begin(event.path(INDEX).asInt(-1), item);
  }

  /** Some engines write into a content part that they have not begun. */
  private void part(Told told, String type, ObjectNode event) throws InterruptedException {
    int index = event.path("content_index").asInt(0);
    if (type.equals("response.content_part.added")) {
      told.parts.add(index);
      return;
    }
    ObjectNode begun =
        switch (type) {
          case "response.output_text.delta" -> Items.text("output_text", "");
          case "response.refusal.delta" ->
              Json.mapper().createObjectNode().put("type", "refusal").put("refusal", "");
          default -> null;
        };
    if (begun != null && told.parts.add(index)) {
      ObjectNode added = Json.mapper().createObjectNode();
      added.put("type", "response.content_part.added");
      added.put("item_id", told.id).put(INDEX, told.place).put("content_index", index);
      added.set("part", begun);
      var _ = hand(added);
    }
  }

  private boolean hand(ObjectNode event) throws InterruptedException {
    try {
      sink.accept(new Piece.Event(event));
      return true;
    } catch (InvalidJson e) {
      LOG.debug("an engine's event cannot be read: {}", e.getMessage());
      return false;
    }
  }

  private static boolean left(String type) {
    LOG.warn("an engine's event is left out, it cannot be read: {}", type);
    return true;
  }

  private static ObjectNode itemEvent(String type, ObjectNode item) {
    ObjectNode event = Json.mapper().createObjectNode().put("type", type);
    event.set("item", item);
    return event;
  }

  private static String id(JsonNode item) {
    return item.path("id").asString("");
  }

  /** An item, as far as it has been told. */
  private static final class Told {
    private final int place;
    private final String type;
    private final String id;
    private final String name;
    private final String callId;
    private final Set<Integer> parts = new HashSet<>();
    private boolean wrote;
    private boolean done;
    private boolean begun = true;

    Told(int place, String type, ObjectNode item) {
      this.place = place;
      this.type = type;
      this.id = item.path("id").asString("");
      this.name = item.path("name").asString("");
      this.callId = item.path("call_id").asString("");
    }
  }
}
