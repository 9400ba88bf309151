package antiphon.core.create;

import antiphon.core.engine.AdditionalTools;
import antiphon.core.engine.ClientTools;
import antiphon.core.engine.DeferredTool;
import antiphon.core.response.Rejected;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.CustomTool;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.NamespaceTool;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import antiphon.protocol.tool.ToolSearchTool;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The rules for tools and tool_choice. Which tools there is somebody to run, {@link
 * UnavailableTools} says.
 */
final class ToolRules {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
  private static final int MAX_TOOLS = 128;

  /** Those among them that wait to be loaded cost a model nothing. */
  private static final int MAX_SEARCHED = 4096;

  /** Names by which a choice may name a tool. */
  private final Set<String> names = new HashSet<>();

  /** Names that are taken: of two namespaces both may have a function of one name. */
  private final Set<String> taken = new HashSet<>();

  private final Set<String> types = new HashSet<>();

  private ToolRules() {}

  static void check(CreateResponse request) {
    List<Tool> tools = request.tools() == null ? List.of() : request.tools();
    boolean searched = tools.stream().anyMatch(ToolSearchTool.class::isInstance);
    Rules.size("tools", tools, searched ? MAX_SEARCHED : MAX_TOOLS);
    ToolRules rules = new ToolRules();
    long shown = tools.stream().filter(tool -> DeferredTool.of(tool, null) == null).count();
    if (shown > MAX_TOOLS) {
      throw Rejected.invalid(
          "tools",
          "Invalid 'tools': at most %d may be without 'defer_loading'.".formatted(MAX_TOOLS));
    }
    for (int i = 0; i < tools.size(); i++) {
      rules.tool("tools[" + i + "]", tools.get(i), "");
    }
    AdditionalTools.in(request).forEach(rules::brought);
    if (request.toolChoice() != null) {
      rules.choice(request.toolChoice());
    }
  }

  /** Checks the tools that an item brings along. */
  static void brought(String param, Item item) {
    if (!(item instanceof UnknownItem unknown) || !AdditionalTools.is(item)) {
      return;
    }
    String field = param + "." + AdditionalTools.TOOLS;
    JsonNode given = unknown.fields().get(AdditionalTools.TOOLS);
    if (given == null || !given.isArray()) {
      throw Rejected.invalid(field, "Invalid '" + field + "': must be a list of tools.");
    }
    ToolRules rules = new ToolRules();
    Rules.size(field, List.copyOf(given.values()), MAX_SEARCHED);
    int i = 0;
    for (JsonNode one : given) {
      String at = field + "[" + i++ + "]";
      try {
        Tool tool = Json.convert(one, Tool.class);
        rules.tool(at, tool, "");
        withoutSecrets(at, tool);
      } catch (InvalidJson e) {
        throw Rejected.invalid(at, "Invalid '" + at + "': " + e.getMessage());
      }
    }
  }

  /** Items are kept and shown as they came. */
  private static void withoutSecrets(String param, Tool tool) {
    if (!ToolSecrets.shown(tool).equals(tool)) {
      throw Rejected.invalid(
          param,
          "'"
              + param
              + "' has an authorization, headers or a URL with a query, which would be kept in the"
              + " conversation: send the tool in 'tools'.");
    }
  }

  /**
   * What may be named by a choice, too; it may have been sent before, or in the request as well.
   */
  private void brought(Tool tool) {
    types.add(tool.type());
    switch (tool) {
      case FunctionTool function -> names.add(function.name());
      case CustomTool custom -> names.add(custom.name());
      case NamespaceTool namespace -> {
        names.add(namespace.name());
        for (Tool inner : namespace.tools()) {
          brought(inner);
          names.add(namespace.name() + "__" + ClientTools.name(inner));
        }
      }
      case Tool _ -> {}
    }
  }

  private void tool(String param, Tool tool, String namespace) {
    types.add(tool.type());
    switch (tool) {
      case FunctionTool function -> name(param, function.name(), namespace);
      case CustomTool custom -> name(param, custom.name(), namespace);
      case NamespaceTool inner -> namespace(param, inner);
      case Tool other when !namespace.isEmpty() && !ClientTools.runs(other) ->
          throw Rejected.invalid(
              param + ".type",
              "A tool of the type '" + other.type() + "' cannot be in a namespace.");
      case Tool _ -> {}
    }
  }

  private void namespace(String param, NamespaceTool namespace) {
    named(param + ".name", namespace.name());
    names.add(namespace.name());
    List<Tool> tools = namespace.tools();
    Rules.size(param + ".tools", tools, MAX_TOOLS);
    for (int i = 0; i < tools.size(); i++) {
      tool(param + ".tools[" + i + "]", tools.get(i), namespace.name() + "__");
    }
  }

  private void name(String param, String name, String namespace) {
    named(param + ".name", name);
    if (!taken.add(namespace + name)) {
      throw Rejected.invalid(param + ".name", "There is more than one tool named '" + name + "'.");
    }
    names.add(name);
    names.add(namespace + name);
  }

  private static void named(String param, String name) {
    if (!NAME.matcher(name).matches()) {
      throw Rejected.invalid(
          param, "Invalid '" + param + "': must have 1 to 128 letters, digits, '_' or '-'.");
    }
  }

  private void choice(ToolChoice choice) {
    switch (choice) {
      case ToolChoice.Mode mode -> {
        if (mode == ToolChoice.Mode.REQUIRED && types.isEmpty()) {
          throw Rejected.invalid(
              "tool_choice", "'tool_choice' is 'required' but there are no tools.");
        }
      }
      case ToolChoice.Function function -> known("tool_choice.name", function.name());
      case ToolChoice.Custom custom -> known("tool_choice.name", custom.name());
      case ToolChoice.Allowed allowed -> allowed(allowed);
      case ToolChoice.Hosted hosted -> {
        if (!types.contains(hosted.type())) {
          throw Rejected.invalid(
              "tool_choice",
              "'tool_choice' names '" + hosted.type() + "', which is not in 'tools'.");
        }
      }
      case ToolChoice.Mcp mcp -> {
        if (!types.contains("mcp")) {
          throw Rejected.invalid(
              "tool_choice",
              "'tool_choice' names the MCP server '"
                  + mcp.serverLabel()
                  + "', which is not in 'tools'.");
        }
      }
    }
  }

  private void allowed(ToolChoice.Allowed allowed) {
    for (int i = 0; i < allowed.tools().size(); i++) {
      ToolChoice.AllowedTool tool = allowed.tools().get(i);
      String param = "tool_choice.tools[" + i + "].name";
      boolean byName = tool.type().equals("function") || tool.type().equals("custom");
      if (byName && tool.name() == null) {
        throw Rejected.invalid(param, "Missing required parameter: '" + param + "'.");
      }
      if (byName && tool.name() != null) {
        known(param, tool.name());
      }
    }
    if (allowed.tools().isEmpty()) {
      throw Rejected.invalid("tool_choice.tools", "'tool_choice.tools' is empty.");
    }
  }

  private void known(String param, String name) {
    if (!names.contains(name)) {
      throw Rejected.invalid(param, "'" + param + "' is '" + name + "', which is not in 'tools'.");
    }
  }
}
