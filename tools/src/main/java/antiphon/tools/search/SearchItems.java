package antiphon.tools.search;

import antiphon.core.engine.DeferredTool;
import antiphon.core.log.NextEvent;
import antiphon.core.tool.CallItem;
import antiphon.core.tool.LoadedTools;
import antiphon.protocol.event.ToolSearchCallEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.NamespaceTool;
import antiphon.protocol.tool.Tool;
import antiphon.tools.schema.Arguments;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Items of searches for tools, in the form that OpenAI's packages publish. */
final class SearchItems {

  private SearchItems() {}

  /** A search, with a status as the wire has it. */
  static UnknownItem call(String id, String arguments, String status) {
    Map<String, JsonNode> fields = head(id, status);
    fields.put("arguments", object(arguments));
    return new UnknownItem(ToolSearchRunner.CALL, fields);
  }

  /** What it has loaded: functions of one namespace together. */
  static UnknownItem output(String id, List<DeferredTool> found) {
    Map<String, List<Tool>> grouped = new LinkedHashMap<>();
    Map<String, NamespaceTool> namespaces = new LinkedHashMap<>();
    List<Tool> tools = new ArrayList<>();
    for (DeferredTool tool : found) {
      NamespaceTool in = tool.in();
      if (in == null) {
        tools.add(tool.tool());
      } else {
        namespaces.put(in.name(), in);
        grouped.computeIfAbsent(in.name(), _ -> new ArrayList<>()).add(tool.tool());
      }
    }
    namespaces.forEach((name, in) ->
        tools.add(
            new NamespaceTool(
                name, in.description(), grouped.getOrDefault(name, List.of()), in.extra())));
    Map<String, JsonNode> fields = head(id, "completed");
    fields.put("tools", Json.toTree(tools));
    return new UnknownItem(LoadedTools.OUTPUT, fields);
  }

  private static Map<String, JsonNode> head(String id, String status) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    fields.put("id", nodes.stringNode(id));
    // Nobody is to answer it.
    fields.put("call_id", nodes.nullNode());
    fields.put("execution", nodes.stringNode("server"));
    fields.put("status", nodes.stringNode(status));
    return fields;
  }

  private static JsonNode object(String arguments) {
    try {
      JsonNode read = Json.tree(arguments.getBytes(StandardCharsets.UTF_8));
      if (read.isObject()) {
        return read;
      }
    } catch (InvalidJson _) {
      // Clients want an object; the model is told what was wrong.
    }
    return JsonNodeFactory.instance.objectNode();
  }

  /** A search that the model is asking for: shown when its arguments are whole. */
  static final class Calling implements CallItem {

    private String arguments = "";

    @Override
    public String prefix() {
      return "tsc";
    }

    @Override
    public boolean early() {
      return false;
    }

    @Override
    public Item begun(String itemId, String callId, String whole) {
      arguments = whole;
      return call(itemId, whole, "in_progress");
    }

    @Override
    public List<NextEvent> added(String itemId, int outputIndex) {
      ObjectNode args = Arguments.only(arguments, "query");
      @Nullable JsonNode most = object(arguments).get("max_results");
      if (most != null && most.isNumber()) {
        args.set("max_results", most);
      }
      return List.of(seq -> new ToolSearchCallEvent.InProgress(seq, itemId, outputIndex, args));
    }
  }
}
