package antiphon.tools.schema;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.FunctionTool;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a model has called a function of ours with. */
public sealed interface Arguments {

  /** They fit. */
  record Good(JsonNode arguments) implements Arguments {}

  /**
   * They do not.
   *
   * @param why for the model, with the schema
   */
  record Wrong(String why) implements Arguments {}

  /** Holds arguments against the function's schema. */
  static Arguments read(FunctionTool function, String arguments) {
    String why;
    try {
      JsonNode read = Json.tree(arguments.getBytes(StandardCharsets.UTF_8));
      why = read.isObject() ? Misfit.of(function.parameters(), read) : "they are no JSON object";
      if (why == null) {
        return new Good(read);
      }
    } catch (InvalidJson _) {
      why = "they are no JSON object";
    }
    return new Wrong(
        "The arguments do not fit: "
            + why
            + ". They must match this JSON Schema: "
            + Json.text(function.parameters()));
  }

  /** A text among the arguments alone, empty where there is none: what an event shows of them. */
  static ObjectNode only(String arguments, String name) {
    String text = "";
    try {
      text = Json.tree(arguments.getBytes(StandardCharsets.UTF_8)).path(name).asString("");
    } catch (InvalidJson _) {
      // The model is told when the call is run.
    }
    return JsonNodeFactory.instance.objectNode().put(name, text);
  }

  /**
   * A function of ours.
   *
   * @param schema of its arguments, JSON
   */
  static FunctionTool function(String name, String description, String schema) {
    Map<String, JsonNode> parameters = new LinkedHashMap<>();
    Json.tree(schema.getBytes(StandardCharsets.UTF_8))
        .properties()
        .forEach(field -> parameters.put(field.getKey(), field.getValue()));
    return new FunctionTool(name, description, parameters, false, null, Map.of());
  }
}
