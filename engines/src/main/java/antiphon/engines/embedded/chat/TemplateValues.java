package antiphon.engines.embedded.chat;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Messages and tools as the maps and lists that chat templates read. */
final class TemplateValues {

  private final Placeholders placeholders;
  private final UnaryOperator<String> guarded;

  /**
   * @param suspicious whether a text could be taken for a control token
   */
  TemplateValues(Placeholders placeholders, java.util.function.Predicate<String> suspicious) {
    this.placeholders = placeholders;
    this.guarded = text -> suspicious.test(text) ? placeholders.hideExactly(text) : text;
  }

  List<Map<String, Object>> messages(List<ChatMessage> messages) {
    return messages.stream().map(this::message).toList();
  }

  private Map<String, Object> message(ChatMessage message) {
    return switch (message) {
      case ChatMessage.Instruction(String text) -> plainMessage("system", text);
      case ChatMessage.User(String text) -> plainMessage("user", text);
      case ChatMessage.Assistant said -> {
        Map<String, Object> map = plainMessage("assistant", said.text());
        if (!said.calls().isEmpty()) {
          map.put("tool_calls", said.calls().stream().map(this::call).toList());
        }
        yield map;
      }
      case ChatMessage.ToolResult result -> {
        Map<String, Object> map = plainMessage("tool", result.text());
        map.put("name", guarded.apply(result.name()));
        map.put("tool_call_id", guarded.apply(result.callId()));
        yield map;
      }
    };
  }

  private Map<String, Object> plainMessage(String role, String text) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("role", role);
    map.put("content", placeholders.hide(text));
    return map;
  }

  private Map<String, Object> call(ChatMessage.Call call) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", guarded.apply(call.name()));
    function.put("arguments", arguments(call.arguments()));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", guarded.apply(call.id()));
    map.put("type", "function");
    map.put("function", function);
    return map;
  }

  private Object arguments(String json) {
    try {
      Object value = guardedDeep(Json.tree(json.getBytes(StandardCharsets.UTF_8)));
      return value == null ? Map.of() : value;
    } catch (InvalidJson _) {
      return placeholders.hideExactly(json);
    }
  }

  List<Map<String, Object>> tools(List<ChatTool> tools) {
    List<Map<String, Object>> maps = new ArrayList<>();
    for (ChatTool tool : tools) {
      Map<String, Object> function = new LinkedHashMap<>();
      function.put("name", guarded.apply(tool.name()));
      function.put("description", guarded.apply(tool.description()));
      Object parameters = guardedDeep(tool.parameters());
      function.put("parameters", parameters == null ? Map.of() : parameters);
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("type", "function");
      map.put("function", function);
      maps.add(map);
    }
    return maps;
  }

  private @Nullable Object guardedDeep(JsonNode node) {
    return converted(node, guarded);
  }

  /** JSON as maps, lists, strings, numbers and booleans. */
  static @Nullable Object plain(JsonNode node) {
    return converted(node, text -> text);
  }

  private static @Nullable Object converted(JsonNode node, UnaryOperator<String> strings) {
    if (node.isObject()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        map.put(strings.apply(entry.getKey()), converted(entry.getValue(), strings));
      }
      return map;
    }
    if (node.isArray()) {
      List<@Nullable Object> list = new ArrayList<>();
      node.forEach(element -> list.add(converted(element, strings)));
      return list;
    }
    if (node.isString()) {
      return strings.apply(node.stringValue());
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return node.isNumber() ? node.numberValue() : null;
  }
}
