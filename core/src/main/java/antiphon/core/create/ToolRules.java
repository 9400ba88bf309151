package antiphon.core.create;

import antiphon.core.response.Rejected;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.CustomTool;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import antiphon.protocol.tool.UnknownTool;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules for tools and tool_choice. */
final class ToolRules {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
  private static final int MAX_TOOLS = 128;

  private ToolRules() {}

  static void check(CreateResponse request) {
    List<Tool> tools = request.tools() == null ? List.of() : request.tools();
    Rules.size("tools", tools, MAX_TOOLS);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < tools.size(); i++) {
      tool("tools[" + i + "]", tools.get(i), names);
    }
    if (request.toolChoice() != null) {
      choice(request.toolChoice(), names);
    }
  }

  private static void tool(String param, Tool tool, Set<String> names) {
    switch (tool) {
      case FunctionTool function -> name(param, function.name(), names);
      case CustomTool custom -> name(param, custom.name(), names);
      case UnknownTool _ ->
          throw Rejected.invalid(
              param + ".type",
              "Invalid value for '"
                  + param
                  + ".type': this server knows no tool of this type.");
      default ->
          throw Rejected.invalid(
              param,
              "The tool '"
                  + tool.type()
                  + "' has to be run by the server, and this server does not run it yet. Tools of"
                  + " the types 'function' and 'custom' are run by the client.");
    }
  }

  private static void name(String param, String name, Set<String> names) {
    if (!NAME.matcher(name).matches()) {
      throw Rejected.invalid(
          param + ".name",
          "Invalid '" + param + ".name': must have 1 to 128 letters, digits, '_' or '-'.");
    }
    if (!names.add(name)) {
      throw Rejected.invalid(param + ".name", "There is more than one tool named '" + name + "'.");
    }
  }

  private static void choice(ToolChoice choice, Set<String> names) {
    switch (choice) {
      case ToolChoice.Mode mode -> {
        if (mode == ToolChoice.Mode.REQUIRED && names.isEmpty()) {
          throw Rejected.invalid(
              "tool_choice", "'tool_choice' is 'required' but there are no tools.");
        }
      }
      case ToolChoice.Function function -> known("tool_choice.name", function.name(), names);
      case ToolChoice.Custom custom -> known("tool_choice.name", custom.name(), names);
      case ToolChoice.Allowed allowed -> allowed(allowed, names);
      case ToolChoice.Hosted hosted ->
          throw Rejected.invalid(
              "tool_choice",
              "'tool_choice' names '" + hosted.type() + "', which is not in 'tools'.");
      case ToolChoice.Mcp mcp ->
          throw Rejected.invalid(
              "tool_choice",
              "'tool_choice' names the MCP server '"
                  + mcp.serverLabel()
                  + "', which is not in 'tools'.");
    }
  }

  private static void allowed(ToolChoice.Allowed allowed, Set<String> names) {
    for (int i = 0; i < allowed.tools().size(); i++) {
      String name = allowed.tools().get(i).name();
      String param = "tool_choice.tools[" + i + "].name";
      if (name == null) {
        throw Rejected.invalid(param, "Missing required parameter: '" + param + "'.");
      }
      known(param, name, names);
    }
    if (allowed.tools().isEmpty()) {
      throw Rejected.invalid("tool_choice.tools", "'tool_choice.tools' is empty.");
    }
  }

  private static void known(String param, String name, Set<String> names) {
    if (!names.contains(name)) {
      throw Rejected.invalid(param, "'" + param + "' is '" + name + "', which is not in 'tools'.");
    }
  }
}
