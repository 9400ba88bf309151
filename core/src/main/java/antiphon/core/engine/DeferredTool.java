package antiphon.core.engine;

import antiphon.protocol.tool.CustomTool;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.NamespaceTool;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolSearchTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A tool that the model is not shown until a search has loaded it.
 *
 * @param name the namespace's name, {@code __}, and its own; its own alone where it is in none
 * @param in the namespace, or null
 * @param tool as the model will see it
 */
public record DeferredTool(String name, @Nullable NamespaceTool in, Tool tool) {

  private static final String FIELD = "defer_loading";

  /**
   * A tool of a request.
   *
   * @return null if it does not wait to be loaded
   */
  public static @Nullable DeferredTool of(Tool tool, @Nullable NamespaceTool in) {
    return switch (tool) {
      case FunctionTool function when Boolean.TRUE.equals(function.deferLoading()) ->
          new DeferredTool(name(function.name(), in), in, at(function));
      case CustomTool custom when defers(custom.extra()) ->
          new DeferredTool(name(custom.name(), in), in, at(custom));
      case Tool _ -> null;
    };
  }

  /**
   * The tools that a model is shown at first: where the server searches the others, not those that
   * wait.
   */
  public static List<Tool> shownAtFirst(List<Tool> tools) {
    boolean searched =
        tools.stream().anyMatch(tool -> tool instanceof ToolSearchTool && !ClientTools.runs(tool));
    if (!searched) {
      return tools;
    }
    List<Tool> shown = new ArrayList<>();
    for (Tool tool : tools) {
      if (tool instanceof NamespaceTool in) {
        List<Tool> inner = in.tools().stream().filter(one -> of(one, in) == null).toList();
        if (!inner.isEmpty()) {
          shown.add(new NamespaceTool(in.name(), in.description(), inner, in.extra()));
        }
      } else if (of(tool, null) == null) {
        shown.add(tool);
      }
    }
    return shown;
  }

  /** Whether a tool's other fields say that it waits. */
  public static boolean defers(Map<String, JsonNode> extra) {
    JsonNode field = extra.get(FIELD);
    return field != null && field.isBoolean() && field.asBoolean();
  }

  private static String name(String own, @Nullable NamespaceTool in) {
    return in == null ? own : in.name() + "__" + own;
  }

  private static FunctionTool at(FunctionTool tool) {
    return new FunctionTool(
        tool.name(), tool.description(), tool.parameters(), tool.strict(), null, tool.extra());
  }

  private static CustomTool at(CustomTool tool) {
    Map<String, JsonNode> extra = new TreeMap<>(tool.extra());
    extra.remove(FIELD);
    return new CustomTool(tool.name(), tool.description(), tool.format(), extra);
  }

  /** What the tool is for, in its author's words. */
  public String description() {
    String description =
        switch (tool) {
          case FunctionTool function -> function.description();
          case CustomTool custom -> custom.description();
          case Tool _ -> null;
        };
    return description == null ? "" : description;
  }
}
