package antiphon.engines.chat;

import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.CustomTool;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tools and the choice among them. A custom tool goes out as a function with one text parameter,
 * {@code input}; allowed tools go out alone, as engines know no list of allowed ones.
 */
final class ChatTools {

  /** The one parameter of a custom tool that is sent as a function. */
  static final String INPUT = "input";

  private ChatTools() {}

  static void put(ObjectNode body, CreateResponse request) {
    List<Tool> tools = offered(request);
    if (tools.isEmpty()) {
      return;
    }
    ArrayNode sent = body.putArray("tools");
    for (Tool tool : tools) {
      switch (tool) {
        case FunctionTool function -> sent.add(function(function));
        case CustomTool custom -> sent.add(custom(custom));
        default -> throw new IllegalArgumentException("not refused: tool " + tool.type());
      }
    }
    choice(body, request.toolChoice());
    if (request.parallelToolCalls() != null) {
      body.put("parallel_tool_calls", request.parallelToolCalls());
    }
  }

  /** The names of the custom tools: calls of these come back as custom calls. */
  static Set<String> customNames(CreateResponse request) {
    Set<String> names = new HashSet<>();
    for (Tool tool : tools(request)) {
      if (tool instanceof CustomTool custom) {
        names.add(custom.name());
      }
    }
    return names;
  }

  private static List<Tool> offered(CreateResponse request) {
    if (!(request.toolChoice() instanceof ToolChoice.Allowed allowed)) {
      return tools(request);
    }
    Set<@Nullable String> names = new HashSet<>();
    allowed.tools().forEach(tool -> names.add(tool.name()));
    return tools(request).stream().filter(tool -> names.contains(name(tool))).toList();
  }

  private static List<Tool> tools(CreateResponse request) {
    return request.tools() == null ? List.of() : request.tools();
  }

  private static String name(Tool tool) {
    return switch (tool) {
      case FunctionTool function -> function.name();
      case CustomTool custom -> custom.name();
      default -> tool.type();
    };
  }

  private static ObjectNode function(FunctionTool tool) {
    ObjectNode node = ChatRequests.object().put("type", "function");
    ObjectNode function = node.putObject("function").put("name", tool.name());
    if (tool.description() != null) {
      function.put("description", tool.description());
    }
    function.set("parameters", parameters(tool));
    if (tool.strict() != null) {
      function.put("strict", tool.strict());
    }
    return node;
  }

  /** Some engines read the properties without looking whether there are any. */
  private static ObjectNode parameters(FunctionTool tool) {
    ObjectNode parameters = Json.toTree(tool.parameters()).asObject();
    if (parameters.isEmpty()) {
      parameters.put("type", "object");
    }
    if (parameters.path("type").asString("").equals("object") && !parameters.has("properties")) {
      parameters.putObject("properties");
    }
    return parameters;
  }

  private static ObjectNode custom(CustomTool tool) {
    ObjectNode node = ChatRequests.object().put("type", "function");
    ObjectNode function = node.putObject("function").put("name", tool.name());
    if (tool.description() != null) {
      function.put("description", tool.description());
    }
    ObjectNode parameters = function.putObject("parameters").put("type", "object");
    parameters
        .putObject("properties")
        .putObject(INPUT)
        .put("type", "string")
        .put("description", "The tool's input, as plain text.");
    parameters.putArray("required").add(INPUT);
    parameters.put("additionalProperties", false);
    return node;
  }

  private static void choice(ObjectNode body, @Nullable ToolChoice choice) {
    switch (choice) {
      case null -> {}
      case ToolChoice.Mode mode -> body.put("tool_choice", mode.wire());
      case ToolChoice.Function function -> named(body, function.name());
      case ToolChoice.Custom custom -> named(body, custom.name());
      case ToolChoice.Allowed allowed -> body.put("tool_choice", allowed.mode().wire());
      case ToolChoice.Hosted _, ToolChoice.Mcp _ ->
          throw new IllegalArgumentException("not refused: tool_choice " + choice);
    }
  }

  private static void named(ObjectNode body, String name) {
    ObjectNode choice = body.putObject("tool_choice").put("type", "function");
    choice.putObject("function").put("name", name);
  }
}
