package antiphon.engines.llamacpp;

import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.CustomTool;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call that a model must make though it was never taught to make any: it is asked for JSON of the
 * form of the call, which a grammar holds it to. Where a model's own template knows tools,
 * llama.cpp sees to forced calls itself, but for the grammars of custom tools.
 */
final class ForcedCall implements PieceSink {

  private static final String INPUT = "input";
  private static final String CALL = "call";

  private final PieceSink sink;
  private final List<Tool> tools;
  private final StringBuilder text = new StringBuilder();

  /**
   * What was taken for thinking, since the template has opened it: a grammar holds for that too.
   */
  private final StringBuilder thought = new StringBuilder();

  private ForcedCall(PieceSink sink, List<Tool> tools) {
    this.sink = sink;
    this.tools = tools;
  }

  /** The call that this turn forces; empty if it forces none. */
  static Optional<ForcedCall> of(Turn turn, PieceSink sink) {
    List<Tool> all = Objects.requireNonNullElse(turn.request().tools(), List.<Tool>of());
    List<Tool> wanted =
        all.stream().filter(tool -> forced(turn.request().toolChoice(), tool)).toList();
    return wanted.isEmpty() ? Optional.empty() : Optional.of(new ForcedCall(sink, wanted));
  }

  private static boolean forced(@Nullable ToolChoice choice, Tool tool) {
    return switch (choice) {
      case null -> false;
      case ToolChoice.Mode mode -> mode == ToolChoice.Mode.REQUIRED && callable(tool);
      case ToolChoice.Function(String name) ->
          tool instanceof FunctionTool function && function.name().equals(name);
      case ToolChoice.Custom(String name) ->
          tool instanceof CustomTool custom && custom.name().equals(name);
      case ToolChoice.Allowed allowed ->
          allowed.mode() == ToolChoice.Mode.REQUIRED
              && callable(tool)
              && allowed.tools().stream()
                  .anyMatch(
                      named -> named.type().equals(tool.type()) && name(tool).equals(named.name()));
      case ToolChoice.Hosted _, ToolChoice.Mcp _ -> false;
    };
  }

  private static boolean callable(Tool tool) {
    return tool instanceof FunctionTool || tool instanceof CustomTool;
  }

  private static String name(Tool tool) {
    return switch (tool) {
      case FunctionTool function -> function.name();
      case CustomTool custom -> custom.name();
      default -> "";
    };
  }

  /** Whether it is the call of a custom tool whose grammar the model is held to. */
  boolean keepsGrammar() {
    return grammar() != null;
  }

  /** Whether the model has said any of it. */
  boolean saidAny() {
    return !text.isEmpty() || !thought.isEmpty();
  }

  /** The turn that asks for the JSON. */
  Turn asked(Turn turn) {
    ObjectNode body = (ObjectNode) Json.toTree(turn.request());
    body.remove(List.of("tools", "tool_choice", "parallel_tool_calls"));
    instruct(body);
    String grammar = grammar();
    if (grammar == null) {
      form(body);
    } else {
      body.remove("text");
      body.withObject("extra_body").put("grammar", grammar);
    }
    CreateResponse request = Json.convert(body, CreateResponse.class);
    return new Turn(request, turn.model(), turn.items(), null);
  }

  /** The grammar that the answer must follow, where a custom tool alone is to be called. */
  private @Nullable String grammar() {
    return tools.size() == 1 && tools.getFirst() instanceof CustomTool tool
        ? Grammars.of(tool.format())
        : null;
  }

  private void form(ObjectNode body) {
    ObjectNode text = Json.mapper().createObjectNode();
    ObjectNode format = text.putObject("format");
    format.put("type", "json_schema").put("name", CALL).put("strict", true);
    format.set("schema", tools.size() == 1 ? arguments(tools.getFirst()) : oneOf());
    body.set("text", text);
  }

  private void instruct(ObjectNode body) {
    JsonNode told = body.path("instructions");
    if (told instanceof ArrayNode items) {
      items.addObject().put("type", "message").put("role", "system").put("content", offer());
    } else {
      String before = told.asString("");
      body.put("instructions", before.isEmpty() ? offer() : before + "\n\n" + offer());
    }
  }

  private String offer() {
    StringBuilder offer = new StringBuilder("Call ");
    offer.append(tools.size() == 1 ? "this function" : "one of these functions").append(":\n");
    for (Tool tool : tools) {
      ObjectNode described = Json.mapper().createObjectNode().put("name", name(tool));
      String about =
          switch (tool) {
            case FunctionTool function -> function.description();
            case CustomTool custom -> custom.description();
            default -> null;
          };
      if (about != null) {
        described.put("description", about);
      }
      if (grammar() == null) {
        described.set("parameters", arguments(tool));
      }
      offer.append(described).append('\n');
    }
    if (tools.getFirst() instanceof CustomTool custom && grammar() != null) {
      return offer
          .append("Answer with nothing but its input, which follows this grammar:\n")
          .append(Objects.requireNonNull(custom.format()).definition())
          .toString();
    }
    return offer
        .append("Answer with nothing but ")
        .append(
            tools.size() == 1
                ? "its arguments as a JSON object."
                : "a JSON object of its name and its arguments.")
        .toString();
  }

  private static JsonNode arguments(Tool tool) {
    if (tool instanceof FunctionTool function && function.parameters() != null) {
      return Json.toTree(function.parameters());
    }
    ObjectNode schema = Json.mapper().createObjectNode().put("type", "object");
    if (tool instanceof CustomTool) {
      schema.putObject("properties").putObject(INPUT).put("type", "string");
      schema.putArray("required").add(INPUT);
      schema.put("additionalProperties", false);
    }
    return schema;
  }

  private ObjectNode oneOf() {
    ObjectNode schema = Json.mapper().createObjectNode();
    ArrayNode forms = schema.putArray("anyOf");
    for (int i = 0; i < tools.size(); i++) {
      ObjectNode form = forms.addObject().put("type", "object");
      ObjectNode properties = form.putObject("properties");
      properties.putObject("name").put("const", name(tools.get(i)));
      properties.set(
          "arguments", moved(arguments(tools.get(i)), "#/anyOf/" + i + "/properties/arguments"));
      form.putArray("required").add("name").add("arguments");
      form.put("additionalProperties", false);
    }
    return schema;
  }

  /** The same schema at another place: its references are from the root. */
  private static JsonNode moved(JsonNode schema, String place) {
    if (schema instanceof ObjectNode object) {
      ObjectNode copy = Json.mapper().createObjectNode();
      object
          .properties()
          .forEach(entry -> {
            JsonNode value = entry.getValue();
            boolean reference =
                entry.getKey().equals("$ref")
                    && value.isString()
                    && value.asString().startsWith("#");
            if (reference) {
              copy.put("$ref", place + value.asString().substring(1));
            } else {
              copy.set(entry.getKey(), moved(value, place));
            }
          });
      return copy;
    }
    if (schema instanceof ArrayNode array) {
      ArrayNode copy = Json.mapper().createArrayNode();
      array.forEach(value -> copy.add(moved(value, place)));
      return copy;
    }
    return schema;
  }

  @Override
  public void accept(Piece piece) throws InterruptedException {
    if (piece instanceof Piece.Text said) {
      text.append(said.delta());
    } else if (piece instanceof Piece.ReasoningText said && keepsGrammar()) {
      thought.append(said.delta());
    } else {
      sink.accept(piece);
    }
  }

  @Override
  public void begun() {
    sink.begun();
  }

  /** Hands over the call, as far as it has come. */
  void end() throws InterruptedException {
    Tool called = tools.getFirst();
    String arguments = text.isEmpty() ? thought.toString().strip() : text.toString();
    JsonNode whole = whole();
    if (tools.size() > 1) {
      String name = whole.path("name").asString("");
      called = tools.stream().filter(tool -> name(tool).equals(name)).findFirst().orElse(called);
      arguments = whole.has("arguments") ? whole.path("arguments").toString() : "";
    }
    boolean custom = called instanceof CustomTool;
    if (custom && grammar() == null) {
      JsonNode input = tools.size() > 1 ? whole.path("arguments") : whole;
      arguments = input.path(INPUT).asString("");
    }
    String id = "call_" + UUID.randomUUID().toString().replace("-", "");
    sink.accept(
        new Piece.ToolCall(
            0,
            id,
            name(called),
            custom ? Piece.ToolCall.Kind.CUSTOM : Piece.ToolCall.Kind.FUNCTION));
    sink.accept(new Piece.ToolCallDelta(0, arguments));
  }

  private JsonNode whole() {
    try {
      return Json.readStored(text.toString().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    } catch (InvalidJson _) {
      return Json.mapper().createObjectNode();
    }
  }
}
