package antiphon.core.step;

import antiphon.core.create.ItemPrefix;
import antiphon.core.engine.Calls;
import antiphon.core.log.LiveLog;
import antiphon.core.response.Ids;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.McpApprovalRequest;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Usage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the events of an engine that speaks Responses itself into the log, one to one: their
 * numbers, places and ids become ours, everything else stays, events and items of unknown kinds
 * too.
 */
final class PassedItems {

  private static final String INDEX = "output_index";

  private final LiveLog log;
  private final Sealing sealing;
  private final Map<Integer, Passed> items = new HashMap<>();
  private final Map<Integer, Passed> open = new TreeMap<>();
  private final Set<String> callIds = new HashSet<>();
  private boolean calledTools;

  PassedItems(LiveLog log, Sealing sealing) {
    this.log = log;
    this.sealing = sealing;
  }

  /** Whether there has been none. */
  boolean isEmpty() {
    return items.isEmpty();
  }

  /** Whether there was a call that the client is to answer. */
  boolean calledTools() {
    return calledTools;
  }

  /**
   * Writes one event.
   *
   * @param used what the response has used up to it
   * @throws antiphon.protocol.json.InvalidJson if it is not as the API has it
   */
  void write(ObjectNode told, Usage used) throws InterruptedException {
    ObjectNode event = told.deepCopy();
    JsonNode index = event.path(INDEX);
    if (index.isInt()) {
      place(event, index.asInt());
    }
    StreamEvent check = numbered(event, 0);
    log.append(seq -> numbered(event, seq), used);
    if (check instanceof OutputItemEvent.Done done) {
      open.remove(done.outputIndex());
      calledTools |= forClient(done.item());
    }
  }

  /** Closes what the engine has not closed. */
  void close() throws InterruptedException {
    for (Passed item : open.values()) {
      log.closeItem(item.outputIndex);
    }
    open.clear();
  }

  private void place(ObjectNode event, int index) {
    Passed item = items.get(index);
    if (item == null) {
      Item begun = Json.readStored(Json.bytes(event.path("item")), Item.class);
      int place = log.nextOutputIndex();
      String id = Ids.outputItem(ItemPrefix.of(begun), log.id().value(), place);
      String callId = Calls.callId(begun);
      // Of two calls with one id the second gets another, so that the client can tell them apart.
      boolean taken = callId != null && !callIds.add(callId);
      item = new Passed(place, id, taken ? id.replaceFirst("^[a-z]+_", "call_") : null);
      items.put(index, item);
      open.put(place, item);
    }
    event.put(INDEX, item.outputIndex);
    if (event.has("item_id")) {
      event.put("item_id", item.id);
    }
    if (event.path("item") instanceof ObjectNode whole) {
      String engine = log.provider();
      sealing.passed(whole, engine == null ? "" : engine);
      whole.put("id", item.id);
      if (item.callId != null) {
        whole.put("call_id", item.callId);
      }
    }
  }

  private static StreamEvent numbered(ObjectNode event, long sequenceNumber) {
    event.put("sequence_number", sequenceNumber);
    return Json.readStored(Json.bytes(event), StreamEvent.class);
  }

  private static boolean forClient(Item item) {
    return Calls.callId(item) != null || item instanceof McpApprovalRequest;
  }

  /** One of the engine's items among ours; its {@code callId} is null where the engine's stays. */
  private record Passed(int outputIndex, String id, @Nullable String callId) {}
}
