package antiphon.engines.chat;

import antiphon.core.engine.Turn;
import antiphon.engines.chat.ToolNames.Named;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.CustomFormat;
import antiphon.protocol.tool.CustomTool;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import antiphon.protocol.tool.ToolSearchTool;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tools in Chat Completions' form, which has functions only: a custom tool becomes one with a
 * single text parameter, the client's shells, patches and screens become functions of their own.
 */
final class ChatTools {

  /** The one parameter of a custom tool that is sent as a function. */
  static final String INPUT = "input";

  private ChatTools() {}

  static void put(ObjectNode body, Turn turn) {
    ToolNames names = ToolNames.of(turn);
    List<Named> tools = names.offered(turn.request().toolChoice());
    if (tools.isEmpty()) {
      return;
    }
    ArrayNode sent = body.putArray("tools");
    tools.forEach(tool -> sent.add(tool(tool)));
    choice(body, names, turn.request().toolChoice());
    if (turn.request().parallelToolCalls() != null) {
      body.put("parallel_tool_calls", turn.request().parallelToolCalls());
    }
  }

  private static ObjectNode tool(Named named) {
    ObjectNode node = ChatRequests.object().put("type", "function");
    ObjectNode function = node.putObject("function").put("name", named.sent());
    switch (named.tool()) {
      case FunctionTool tool -> function(function, named, tool);
      case CustomTool tool -> custom(function, named, tool);
      case ToolSearchTool tool -> {
        describe(function, named, tool.description());
        function.set(
            "parameters",
            tool.parameters() == null
                ? ClientCalls.parameters(named.tool())
                : Json.toTree(tool.parameters()));
      }
      case Tool tool -> {
        describe(function, named, ClientCalls.description(tool));
        function.set("parameters", ClientCalls.parameters(tool));
      }
    }
    return node;
  }

  private static void function(ObjectNode function, Named named, FunctionTool tool) {
    describe(function, named, tool.description());
    function.set("parameters", parameters(tool));
    if (tool.strict() != null) {
      function.put("strict", tool.strict());
    }
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

  private static void custom(ObjectNode function, Named named, CustomTool tool) {
    describe(function, named, tool.description());
    ObjectNode parameters = function.putObject("parameters").put("type", "object");
    parameters
        .putObject("properties")
        .putObject(INPUT)
        .put("type", "string")
        .put("description", input(tool.format()));
    parameters.putArray("required").add(INPUT);
    parameters.put("additionalProperties", false);
  }

  private static String input(@Nullable CustomFormat format) {
    String text = "The tool's input, as plain text.";
    return format == null || format.definition() == null
        ? text
        : text
            + " It must follow this "
            + (format.syntax() == null ? "grammar" : format.syntax() + " grammar")
            + ":\n"
            + format.definition();
  }

  private static void describe(ObjectNode function, Named named, @Nullable String description) {
    if (description != null) {
      function.put("description", description);
    } else if (named.in() != null && named.in().description() != null) {
      function.put("description", named.in().description());
    }
  }

  private static void choice(ObjectNode body, ToolNames names, @Nullable ToolChoice choice) {
    switch (choice) {
      case null -> {}
      case ToolChoice.Mode mode -> body.put("tool_choice", mode.wire());
      case ToolChoice.Function function -> named(body, names, function.name());
      case ToolChoice.Custom custom -> named(body, names, custom.name());
      case ToolChoice.Allowed allowed -> body.put("tool_choice", allowed.mode().wire());
      case ToolChoice.Hosted hosted -> named(body, names, hosted.type());
      case ToolChoice.Mcp _ ->
          throw new IllegalArgumentException("not refused: tool_choice " + choice);
    }
  }

  private static void named(ObjectNode body, ToolNames names, String name) {
    Named known = names.called(name);
    ObjectNode choice = body.putObject("tool_choice").put("type", "function");
    choice.putObject("function").put("name", known == null ? name : known.sent());
  }
}
