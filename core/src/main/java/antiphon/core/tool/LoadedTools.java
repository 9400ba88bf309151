package antiphon.core.tool;

import antiphon.core.engine.DeferredTool;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What searches have loaded. It follows from the conversation alone: from what the model was told,
 * and from the items that tell clients of it; so a run that goes on elsewhere, and a response that
 * follows, know the same.
 */
public final class LoadedTools {

  /** What the model calls to search. */
  public static final String SEARCH = "tool_search";

  /** The kind of item that shows what was found. */
  public static final String OUTPUT = "tool_search_output";

  /** So many stay loaded, the last ones. */
  private static final int MOST = 128;

  private static final String TOOLS = "tools";

  private LoadedTools() {}

  /** What the model is told of a search; read again by {@link #in}. */
  public static String told(List<DeferredTool> found) {
    List<Map<String, String>> tools =
        found.stream()
            .map(tool -> Map.of("name", tool.name(), "description", brief(tool.description())))
            .toList();
    return Json.text(
        Map.of(
            TOOLS,
            tools,
            "note",
            tools.isEmpty()
                ? "No tool fits. Other words may find more."
                : "These can be called now."));
  }

  private static String brief(String description) {
    return description.length() > 200 ? description.substring(0, 200) + "…" : description;
  }

  /** The names of what was loaded in a conversation. */
  public static Set<String> in(List<Item> conversation) {
    Set<String> searches = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (Item item : conversation) {
      switch (item) {
        case FunctionCall call when call.name().startsWith(SEARCH) -> searches.add(call.callId());
        case FunctionCallOutput output
            when searches.contains(output.callId())
                && output.output() instanceof ToolOutput.Text(String text) ->
            names.addAll(names(text));
        case UnknownItem found when found.type().equals(OUTPUT) ->
            found
                .fields()
                .getOrDefault(TOOLS, Json.toTree(List.of()))
                .forEach(tool -> add(tool, names));
        case Item _ -> {}
      }
    }
    Set<String> last = new LinkedHashSet<>();
    for (int i = names.size() - 1; i >= 0 && last.size() < MOST; i--) {
      last.add(names.get(i));
    }
    return last;
  }

  private static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    try {
      JsonNode read = Json.tree(text.getBytes(StandardCharsets.UTF_8));
      read.path(TOOLS).forEach(tool -> names.add(tool.path("name").asString("")));
    } catch (InvalidJson _) {
      // A search that failed says why.
    }
    return names;
  }

  /** A definition, as items have them. */
  private static void add(JsonNode tool, List<String> names) {
    String name = tool.path("name").asString("");
    if (tool.path("type").asString("").equals("namespace")) {
      tool.path(TOOLS).forEach(inner -> names.add(name + "__" + inner.path("name").asString("")));
    } else {
      names.add(name);
    }
  }
}
