package antiphon.engines.chat;

import antiphon.engines.chat.ToolNames.Named;
import antiphon.protocol.item.ComputerCall;
import antiphon.protocol.item.CustomToolCall;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Items;
import antiphon.protocol.item.LocalShellCall;
import antiphon.protocol.item.ShellCall;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.ComputerTool;
import antiphon.protocol.tool.Tool;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The calls that the client runs, as functions: for each kind the function's parameters, the item
 * that its arguments make, and the arguments that an item had.
 */
final class ClientCalls {

  private static final String PATCH =
      "Changes one file: 'create_file' and 'update_file' take a diff in the V4A format,"
          + " 'delete_file' takes none.";

  private static final Set<String> OPERATIONS = Set.of("create_file", "update_file", "delete_file");
  private static final Set<String> ACTIONS =
      Set.of(
          "click",
          "double_click",
          "drag",
          "keypress",
          "move",
          "screenshot",
          "scroll",
          "type",
          "wait");

  private ClientCalls() {}

  /** What the model is told of a tool that has no words of its own. */
  static String description(Tool tool) {
    return switch (tool.type()) {
      case "local_shell" -> "Runs a command on the user's machine and gives its output.";
      case "shell" -> "Runs shell commands on the user's machine and gives their output.";
      case "apply_patch" -> PATCH;
      case "tool_search" -> "Searches for further tools and makes them available.";
      default -> "Acts on the user's screen, and gives a screenshot.";
    };
  }

  /** The parameters of the function that stands for a tool. */
  static JsonNode parameters(Tool tool) {
    return schema(
        switch (tool.type()) {
          case "local_shell" ->
              """
              {"type":"object","properties":{
                "command":{"type":"array","items":{"type":"string"},"description":"The program and its arguments."},
                "working_directory":{"type":"string"},"timeout_ms":{"type":"integer"},
                "env":{"type":"object","additionalProperties":{"type":"string"}}},
               "required":["command"]}\
              """;
          case "shell" ->
              """
              {"type":"object","properties":{
                "commands":{"type":"array","items":{"type":"string"},"description":"Command lines."},
                "timeout_ms":{"type":"integer"},"max_output_length":{"type":"integer"}},
               "required":["commands"]}\
              """;
          case "apply_patch" ->
              """
              {"type":"object","properties":{
                "type":{"type":"string","enum":["create_file","update_file","delete_file"]},
                "path":{"type":"string"},"diff":{"type":"string"}},
               "required":["type","path"]}\
              """;
          case "tool_search" ->
              """
              {"type":"object","properties":{
                "query":{"type":"string"},"limit":{"type":"integer"}},"required":["query"]}\
              """;
          default ->
              """
              {"type":"object","properties":{
                "type":{"type":"string","enum":["click","double_click","drag","keypress","move","screenshot","scroll","type","wait"]},
                "x":{"type":"integer"},"y":{"type":"integer"},"button":{"type":"string"},
                "scroll_x":{"type":"integer"},"scroll_y":{"type":"integer"},"text":{"type":"string"},
                "keys":{"type":"array","items":{"type":"string"}},
                "path":{"type":"array","items":{"type":"object","properties":{"x":{"type":"integer"},"y":{"type":"integer"}}}}},
               "required":["type"]}\
              """;
        });
  }

  private static JsonNode schema(String json) {
    return Json.tree(json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The item that a call makes, whole. A command line that should have been a list is one.
   *
   * @return null if the arguments are not what the tool takes
   */
  static @Nullable Item item(Named tool, String callId, String arguments) {
    ObjectNode given = object(arguments);
    if (given == null || !fits(tool.tool().type(), given)) {
      return null;
    }
    ObjectNode item = ChatRequests.object().put("call_id", callId).put("status", "completed");
    switch (tool.tool().type()) {
      case "local_shell" -> {
        given.put("type", "exec");
        if (given.path("command").isString()) {
          String line = given.path("command").asString();
          given.putArray("command").add("bash").add("-lc").add(line);
        }
        if (!given.path("env").isObject()) {
          given.putObject("env");
        }
        item.put("type", "local_shell_call").set("action", given);
      }
      case "shell" -> {
        if (given.path("commands").isString()) {
          String line = given.path("commands").asString();
          given.putArray("commands").add(line);
        }
        item.put("type", "shell_call").set("action", given);
      }
      case "apply_patch" -> item.put("type", "apply_patch_call").set("operation", given);
      case "tool_search" ->
          item.put("type", "tool_search_call").put("execution", "client").set("arguments", given);
      default -> {
        item.put("type", "computer_call").putArray("pending_safety_checks");
        if (tool.tool() instanceof ComputerTool) {
          item.putArray("actions").add(given);
        } else {
          item.set("action", given);
        }
      }
    }
    try {
      return Items.lenient(item);
    } catch (InvalidJson _) {
      return null;
    }
  }

  /**
   * Whether arguments have what no client can do without, where the item's type does not say so.
   */
  private static boolean fits(String type, ObjectNode given) {
    return switch (type) {
      case "apply_patch" ->
          OPERATIONS.contains(given.path("type").asString(""))
              && given.path("path").isString()
              && (given.path("diff").isString() || given.path("type").asString("").startsWith("d"));
      case "computer", "computer_use_preview", "computer-preview" ->
          ACTIONS.contains(given.path("type").asString(""));
      default -> true;
    };
  }

  /** The name by which the engine called, for a call in the conversation. */
  static String name(Item call) {
    return switch (call) {
      case FunctionCall function ->
          ToolNames.sentName(namespace(function.extra().get("namespace")), function.name());
      case CustomToolCall custom ->
          ToolNames.sentName(namespace(custom.extra().get("namespace")), custom.name());
      case LocalShellCall _ -> "local_shell";
      case ShellCall _ -> "shell";
      case ComputerCall _ -> "computer";
      case Item other -> other.type().replaceFirst("_call$", "");
    };
  }

  private static @Nullable String namespace(@Nullable JsonNode field) {
    return field == null || !field.isString() ? null : field.asString();
  }

  /** The arguments of a call in the conversation: always a JSON object, whatever was said. */
  static String arguments(Item call) {
    return switch (call) {
      case FunctionCall function -> objectText(function.arguments());
      case CustomToolCall custom ->
          ChatRequests.object().put(ChatTools.INPUT, custom.input()).toString();
      case LocalShellCall shell -> Json.text(shell.action());
      case ShellCall shell -> Json.text(shell.action());
      case ComputerCall computer when computer.action() != null -> Json.text(computer.action());
      case ComputerCall computer ->
          objectText(Json.toTree(computer).path("actions").path(0).toString());
      case UnknownItem other -> otherArguments(other);
      default -> "{}";
    };
  }

  private static String otherArguments(UnknownItem call) {
    for (String field : new String[] {"operation", "arguments", "action"}) {
      JsonNode value = call.fields().get(field);
      if (value != null) {
        return objectText(value.isString() ? value.asString() : value.toString());
      }
    }
    return "{}";
  }

  /** Engines refuse a conversation for good that has arguments which are no object. */
  static String objectText(String arguments) {
    if (arguments.isBlank()) {
      return "{}";
    }
    return object(arguments) == null
        ? ChatRequests.object().put("invalid_arguments", arguments).toString()
        : arguments;
  }

  private static @Nullable ObjectNode object(String json) {
    try {
      return Json.readStored(json.getBytes(StandardCharsets.UTF_8), JsonNode.class)
              instanceof ObjectNode object
          ? object
          : null;
    } catch (InvalidJson _) {
      return null;
    }
  }
}
