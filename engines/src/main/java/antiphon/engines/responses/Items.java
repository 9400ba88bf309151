package antiphon.engines.responses;

import antiphon.core.response.Ids;
import antiphon.protocol.json.Json;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What items and their events need to be read, put in where an engine has left it out. */
final class Items {

  private static final Ids IDS = new Ids(InstantSource.system());

  /** Which item an event writes into, by the beginning of the event's type. */
  private static final Map<String, String> KINDS =
      Map.of(
          "response.output_text.", "message",
          "response.content_part.", "message",
          "response.refusal.", "message",
          "response.reasoning_text.", "reasoning",
          "response.reasoning_summary_text.", "reasoning",
          "response.reasoning_summary_part.", "reasoning",
          "response.function_call_arguments.", "function_call",
          "response.custom_tool_call_input.", "custom_tool_call");

  private static final Set<String> TEXTS =
      Set.of(
          "response.output_text.delta",
          "response.refusal.delta",
          "response.reasoning_text.delta",
          "response.reasoning_summary_text.delta",
          "response.function_call_arguments.delta",
          "response.custom_tool_call_input.delta");

  private Items() {}

  /** The type of the item that events of this type write into; null if that is not known. */
  static @Nullable String kindOf(String eventType) {
    int end = eventType.lastIndexOf('.') + 1;
    return KINDS.get(eventType.substring(0, end));
  }

  /** Whether the event brings more of what the model says. */
  static boolean isText(String eventType) {
    return TEXTS.contains(eventType);
  }

  static String type(JsonNode item) {
    return item.path("type").asString("message");
  }

  /** Whether an item can be begun without anything being known of it. A call needs its name. */
  static boolean canBeMade(String kind) {
    return kind.equals("message") || kind.equals("reasoning");
  }

  /** A new item of this kind with nothing in it. */
  static ObjectNode of(String kind) {
    ObjectNode item = Json.mapper().createObjectNode().put("type", kind);
    complete(item, "", "");
    return item;
  }

  static ObjectNode text(String type, String text) {
    return Json.mapper().createObjectNode().put("type", type).put("text", text);
  }

  /** Puts in what the API has in every item of the kind. */
  static void complete(ObjectNode item, String name, String callId) {
    String type = type(item);
    missing(item, "type", type);
    missing(item, "id", "item");
    switch (type) {
      case "message" -> {
        missing(item, "role", "assistant");
        array(item, "content");
      }
      case "reasoning" -> array(item, "summary");
      case "function_call" -> {
        missing(item, "name", name);
        missing(item, "call_id", callId.isEmpty() ? IDS.next("call") : callId);
        JsonNode arguments = item.path("arguments");
        if (arguments.isObject()) {
          item.put("arguments", arguments.toString());
        }
        missing(item, "arguments", "");
      }
      case "custom_tool_call" -> {
        missing(item, "name", name);
        missing(item, "call_id", callId.isEmpty() ? IDS.next("call") : callId);
        missing(item, "input", "");
      }
      case "web_search_call", "image_generation_call" -> missing(item, "status", "completed");
      case "file_search_call" -> {
        missing(item, "status", "completed");
        if (!item.path("queries").isArray()) {
          item.putArray("queries");
        }
      }
      case "code_interpreter_call" -> {
        missing(item, "status", "completed");
        missing(item, "container_id", "");
      }
      case "mcp_call" -> missing(item, "arguments", "");
      default -> {}
    }
  }

  /** An item that begins has nothing in it yet; its text follows in its events or at its end. */
  static void empty(ObjectNode item) {
    switch (type(item)) {
      case "message" -> item.set("content", Json.mapper().createArrayNode());
      case "reasoning" -> {
        item.set("summary", Json.mapper().createArrayNode());
        item.remove("content");
      }
      case "function_call" -> item.put("arguments", "");
      case "custom_tool_call" -> item.put("input", "");
      default -> {}
    }
    if (item.has("status")) {
      item.put("status", "in_progress");
    }
  }

  /** Whether an item that has ended is told without what it says. */
  static boolean saysNothing(ObjectNode item) {
    return switch (type(item)) {
      case "message" -> item.path("content").isEmpty() || !hasText(item.path("content"));
      case "reasoning" ->
          !hasText(item.path("content"))
              && !hasText(item.path("summary"))
              && !item.has("encrypted_content");
      case "function_call" ->
          !item.path("arguments").isObject() && item.path("arguments").asString("").isEmpty();
      case "custom_tool_call" -> item.path("input").asString("").isEmpty();
      default -> false;
    };
  }

  private static boolean hasText(JsonNode parts) {
    for (JsonNode part : parts) {
      if (!part.path("text").asString("").isEmpty()
          || !part.path("refusal").asString("").isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** The same item with nothing in it but what can be read for certain. */
  static ObjectNode readable(ObjectNode item) {
    ObjectNode plain = Json.mapper().createObjectNode();
    for (String field : new String[] {"type", "id", "name", "call_id", "encrypted_content"}) {
      if (item.path(field).isString()) {
        plain.set(field, item.path(field));
      }
    }
    complete(plain, "", "");
    switch (type(item)) {
      case "message" -> plain.set("content", parts(item.path("content"), "output_text"));
      case "reasoning" -> {
        plain.set("summary", parts(item.path("summary"), "summary_text"));
        if (hasText(item.path("content"))) {
          plain.set("content", parts(item.path("content"), "reasoning_text"));
        }
      }
      case "function_call" -> plain.put("arguments", item.path("arguments").asString(""));
      case "custom_tool_call" -> plain.put("input", item.path("input").asString(""));
      default -> {}
    }
    return plain;
  }

  private static ArrayNode parts(JsonNode parts, String type) {
    ArrayNode readable = Json.mapper().createArrayNode();
    for (JsonNode part : parts) {
      String refusal = part.path("refusal").asString("");
      if (!refusal.isEmpty()) {
        readable.addObject().put("type", "refusal").put("refusal", refusal);
      } else if (part.path("text").isString()) {
        readable.add(text(type, part.path("text").asString()));
      }
    }
    return readable;
  }

  /** Takes from an event what is beside the matter, and gives it the places that it needs. */
  static void mend(ObjectNode event) {
    event.remove("logprobs");
    event.remove("obfuscation");
    place(event, "content_index");
    place(event, "summary_index");
    if (event.path("part") instanceof ObjectNode part) {
      String text = part.path("text").asString("");
      event.set("part", text(part.path("type").asString("output_text"), text));
    }
  }

  private static void place(ObjectNode event, String name) {
    if (!event.path(name).isInt()) {
      event.put(name, 0);
    }
  }

  private static void missing(ObjectNode item, String name, String value) {
    if (!item.path(name).isString()) {
      item.put(name, value);
    }
  }

  private static void array(ObjectNode item, String name) {
    JsonNode given = item.path(name);
    if (given.isString()) {
      ArrayNode parts = Json.mapper().createArrayNode();
      String type = name.equals("summary") ? "summary_text" : "output_text";
      item.set(name, parts.add(text(type, given.asString())));
    } else if (!given.isArray()) {
      item.set(name, Json.mapper().createArrayNode());
    }
  }
}
