package antiphon.sandbox.tool;

import antiphon.protocol.json.Json;
import antiphon.protocol.tool.FunctionTool;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The functions that the model sees. */
final class Functions {

  /** The name that models know a Python by. */
  static final String PYTHON = "python";

  static final String SHELL = "shell";

  private Functions() {}

  static FunctionTool python(long seconds) {
    return function(
        PYTHON,
        "Runs Python code and gives back what it prints, the value of its last expression and the"
            + " names of its pictures and new files. Variables stay from call to call. Files are"
            + " in /mnt/data, which is the current folder; link to a file for the user as"
            + " [name](sandbox:/mnt/data/name). There is no network. After "
            + seconds
            + " seconds a call is interrupted.",
        Map.of(
            "type",
            "object",
            "properties",
            Map.of("code", Map.of("type", "string", "description", "The code.")),
            "required",
            new String[] {"code"},
            "additionalProperties",
            false));
  }

  static FunctionTool shell(long seconds) {
    return function(
        SHELL,
        "Runs commands in bash, one after another, each in a shell of its own in the folder"
            + " /mnt/data, which keeps its files from call to call. There is no network.",
        Map.of(
            "type",
            "object",
            "properties",
            Map.of(
                "commands",
                Map.of("type", "array", "items", Map.of("type", "string")),
                "timeout_ms",
                Map.of(
                    "type",
                    "integer",
                    "description",
                    "For all commands together; " + seconds * 1000 + " if left out."),
                "max_output_length",
                Map.of("type", "integer", "description", "Characters of each stream.")),
            "required",
            new String[] {"commands"}));
  }

  private static FunctionTool function(String name, String description, Map<String, ?> schema) {
    JsonNode tree = Json.toTree(schema);
    Map<String, JsonNode> parameters = new java.util.LinkedHashMap<>();
    tree.properties().forEach(entry -> parameters.put(entry.getKey(), entry.getValue()));
    return new FunctionTool(name, description, parameters, false, null, Map.of());
  }
}
