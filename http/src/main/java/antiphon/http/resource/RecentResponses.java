package antiphon.http.resource;

import antiphon.http.wire.Socket;
import antiphon.protocol.json.Json;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The last responses of a WebSocket that were not stored: another one can go on from them as long
 * as the connection is open. Not safe for threads.
 */
final class RecentResponses {

  private static final int MOST = 16;
  private static final long MOST_BYTES = 8L * 1024 * 1024;

  private static final String PREVIOUS = Asked.PREVIOUS;

  private final Map<String, Recent> recent = new LinkedHashMap<>();
  private final Socket socket;
  private long bytes;

  /**
   * @param socket counts what is kept
   */
  RecentResponses(Socket socket) {
    this.socket = socket;
  }

  /**
   * A response that was not stored.
   *
   * @param previous a stored one that it went on from, or null
   * @param items what was said since then
   */
  private record Recent(@Nullable String previous, ArrayNode items, long bytes) {}

  /**
   * Keeps one that has ended, if it is not kept elsewhere.
   *
   * @param body the request that made it, as it was run
   */
  void keep(ObjectNode body, JsonNode response) {
    if (response.path("store").asBoolean(true)) {
      return;
    }
    ArrayNode items = items(body.path("input"));
    items.addAll(items(response.path("output")));
    long size = Json.bytes(items).length;
    Iterator<Recent> oldest = recent.values().iterator();
    while (oldest.hasNext() && (recent.size() >= MOST || bytes + size > MOST_BYTES)) {
      long less = oldest.next().bytes;
      bytes -= less;
      socket.forget(less);
      oldest.remove();
    }
    if (size <= MOST_BYTES && socket.keep(size)) {
      String previous = body.path(PREVIOUS).isString() ? body.path(PREVIOUS).asString() : null;
      recent.put(response.path("id").asString(""), new Recent(previous, items, size));
      bytes += size;
    }
  }

  /** The request as it can be run: what it goes on from is in it, where that was not stored. */
  ObjectNode whole(ObjectNode body) {
    Recent before = recent.get(body.path(PREVIOUS).asString(""));
    if (before == null) {
      return body;
    }
    ObjectNode whole = body.deepCopy();
    ArrayNode items = before.items.deepCopy();
    items.addAll(items(body.path("input")));
    whole.set("input", items);
    if (before.previous == null) {
      whole.remove(PREVIOUS);
    } else {
      whole.put(PREVIOUS, before.previous);
    }
    return whole;
  }

  /** An input as items. */
  static ArrayNode items(JsonNode input) {
    ArrayNode items = Json.mapper().createArrayNode();
    if (input.isString()) {
      items.addObject().put("role", "user").put("content", input.asString());
    } else if (input.isArray()) {
      items.addAll((ArrayNode) input.deepCopy());
    }
    return items;
  }
}
