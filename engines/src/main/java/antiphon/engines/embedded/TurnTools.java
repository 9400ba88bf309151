package antiphon.engines.embedded;

import antiphon.core.engine.Piece;
import antiphon.engines.embedded.chat.ChatTool;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.CustomFormat;
import antiphon.protocol.tool.CustomTool;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * The tools of a turn that the model may call.
 *
 * @param offered the tools, in the request's order
 * @param kinds what kind of call each becomes, by its name
 * @param forced whether one of them must be called
 * @param several whether more than one call may be made
 */
record TurnTools(
    List<ChatTool> offered,
    Map<String, Piece.ToolCall.Kind> kinds,
    boolean forced,
    boolean several) {

  /** A custom tool's free text is the only argument, of this name. */
  static final String INPUT = "input";

  TurnTools {
    offered = List.copyOf(offered);
    kinds = Map.copyOf(kinds);
  }

  static TurnTools of(CreateResponse request) {
    ToolChoice choice = Objects.requireNonNullElse(request.toolChoice(), ToolChoice.Mode.AUTO);
    Predicate<Tool> wanted = wanted(choice);
    List<ChatTool> offered = new ArrayList<>();
    Map<String, Piece.ToolCall.Kind> kinds = new LinkedHashMap<>();
    for (Tool tool : Objects.requireNonNullElse(request.tools(), List.<Tool>of())) {
      if (wanted.test(tool)) {
        if (tool instanceof FunctionTool function) {
          kinds.put(function.name(), Piece.ToolCall.Kind.FUNCTION);
          offered.add(
              new ChatTool(
                  function.name(),
                  Objects.requireNonNullElse(function.description(), ""),
                  Json.toTree(function.parameters())));
        } else if (tool instanceof CustomTool custom) {
          kinds.put(custom.name(), Piece.ToolCall.Kind.CUSTOM);
          offered.add(custom(custom));
        }
      }
    }
    boolean several = !Boolean.FALSE.equals(request.parallelToolCalls());
    return new TurnTools(offered, kinds, forces(choice), several);
  }

  private static ChatTool custom(CustomTool tool) {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("type", "string");
    CustomFormat format = tool.format();
    if (format != null && "regex".equals(format.syntax()) && format.definition() != null) {
      input.put("pattern", format.definition());
    }
    JsonNode schema =
        Json.toTree(
            Map.of(
                "type", "object",
                "properties", Map.of(INPUT, input),
                "required", List.of(INPUT)));
    return new ChatTool(tool.name(), Objects.requireNonNullElse(tool.description(), ""), schema);
  }

  private static Predicate<Tool> wanted(ToolChoice choice) {
    return switch (choice) {
      case ToolChoice.Mode mode -> _ -> mode != ToolChoice.Mode.NONE;
      case ToolChoice.Function(String name) ->
          tool -> tool instanceof FunctionTool function && function.name().equals(name);
      case ToolChoice.Custom(String name) ->
          tool -> tool instanceof CustomTool custom && custom.name().equals(name);
      case ToolChoice.Allowed allowed ->
          tool ->
              allowed.mode() != ToolChoice.Mode.NONE
                  && allowed.tools().stream().anyMatch(named -> names(named, tool));
      case ToolChoice.Hosted _, ToolChoice.Mcp _ -> _ -> false;
    };
  }

  private static boolean names(ToolChoice.AllowedTool named, Tool tool) {
    return switch (tool) {
      case FunctionTool function ->
          named.type().equals(function.type()) && function.name().equals(named.name());
      case CustomTool custom ->
          named.type().equals(custom.type()) && custom.name().equals(named.name());
      default -> false;
    };
  }

  private static boolean forces(ToolChoice choice) {
    return switch (choice) {
      case ToolChoice.Mode mode -> mode == ToolChoice.Mode.REQUIRED;
      case ToolChoice.Allowed allowed -> allowed.mode() == ToolChoice.Mode.REQUIRED;
      case ToolChoice.Function _, ToolChoice.Custom _ -> true;
      case ToolChoice.Hosted _, ToolChoice.Mcp _ -> false;
    };
  }

  /** The schema of each tool's arguments, by its name. */
  Map<String, JsonNode> schemas() {
    Map<String, JsonNode> schemas = new LinkedHashMap<>();
    offered.forEach(tool -> schemas.put(tool.name(), tool.parameters()));
    return schemas;
  }
}
