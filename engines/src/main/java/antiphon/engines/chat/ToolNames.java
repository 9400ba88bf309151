package antiphon.engines.chat;

import antiphon.core.engine.AdditionalTools;
import antiphon.core.engine.ClientTools;
import antiphon.core.engine.Turn;
import antiphon.core.tool.LoadedTools;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The tools of a turn under the names that the engine knows them by. Chat Completions has functions
 * alone, without namespaces: a function of a namespace is {@code namespace__name} there.
 */
final class ToolNames {

  private static final Logger LOG = LoggerFactory.getLogger(ToolNames.class);

  /** What engines take as a function's name. */
  private static final int MAX_NAME = 64;

  private static final String SEARCH_CALL = LoadedTools.SEARCH + "_call";

  private final Map<String, Named> bySent = new LinkedHashMap<>();
  private final Map<String, Optional<Named>> byName = new HashMap<>();

  private ToolNames() {}

  /**
   * The tools that the request offers, those that items have brought along, and those that a search
   * for tools has found since.
   */
  static ToolNames of(Turn turn) {
    List<Tool> tools = new ArrayList<>(tools(turn.request()));
    tools.addAll(AdditionalTools.in(turn.items()));
    boolean searched =
        tools.stream().anyMatch(tool -> tool instanceof ToolSearchTool && ClientTools.runs(tool));
    ToolNames names = new ToolNames();
    tools.forEach(tool -> names.add(tool, null, searched));
    for (Item item : turn.items()) {
      if (item instanceof UnknownItem found && found.type().equals(LoadedTools.OUTPUT)) {
        names.found(found.fields().get("tools"));
      }
    }
    return names;
  }

  /** Whether an item is of a search for tools: one that a server ran has no id that pairs it. */
  static boolean isSearch(UnknownItem item) {
    return item.type().equals(SEARCH_CALL) || item.type().equals(LoadedTools.OUTPUT);
  }

  private static List<Tool> tools(CreateResponse request) {
    return request.tools() == null ? List.of() : request.tools();
  }

  private void found(@Nullable JsonNode tools) {
    for (JsonNode tool : tools == null ? List.<JsonNode>of() : tools) {
      try {
        add(Json.convertStored(tool, Tool.class), null, false);
      } catch (InvalidJson _) {
        LOG.debug("what a search for tools gave is no tool: {}", tool);
      }
    }
  }

  private void add(Tool tool, @Nullable NamespaceTool in, boolean mayWait) {
    if (tool instanceof NamespaceTool namespace) {
      namespace.tools().forEach(inner -> add(inner, namespace, mayWait));
      return;
    }
    boolean waits =
        mayWait
            && tool instanceof FunctionTool function
            && Boolean.TRUE.equals(function.deferLoading());
    if (waits || !ClientTools.runs(tool)) {
      return;
    }
    String name = ClientTools.name(tool);
    String sent = sentName(in == null ? null : in.name(), name);
    Named named = new Named(sent, tool, in);
    if (bySent.putIfAbsent(sent, named) == null) {
      // A bare name that two namespaces have means neither.
      byName.merge(name, Optional.of(named), (_, _) -> Optional.empty());
    }
  }

  /** The name that a tool has for the engine. */
  static String sentName(@Nullable String namespace, String name) {
    String whole = namespace == null || namespace.isEmpty() ? name : namespace + "__" + name;
    if (namespace == null) {
      return whole;
    }
    String clean = whole.replaceAll("[^a-zA-Z0-9_-]", "_");
    if (clean.length() <= MAX_NAME) {
      return clean;
    }
    String mark = "_" + Integer.toHexString(whole.hashCode());
    return clean.substring(0, MAX_NAME - mark.length()) + mark;
  }

  /** The tool that the engine calls; models leave namespaces out where there is no need of them. */
  @Nullable Named called(String name) {
    Named exact = bySent.get(name);
    return exact == null ? byName.getOrDefault(name, Optional.empty()).orElse(null) : exact;
  }

  /** What is to be offered: where the choice allows some tools only, those. */
  List<Named> offered(@Nullable ToolChoice choice) {
    if (!(choice instanceof ToolChoice.Allowed allowed)) {
      return List.copyOf(bySent.values());
    }
    Set<String> names = new HashSet<>();
    allowed.tools().forEach(tool -> names.add(tool.name() == null ? tool.type() : tool.name()));
    return bySent.values().stream().filter(named -> named.isIn(names)).toList();
  }

  /**
   * A tool.
   *
   * @param sent its name for the engine
   * @param in the namespace it is in, or null
   */
  record Named(String sent, Tool tool, @Nullable NamespaceTool in) {

    String name() {
      return ClientTools.name(tool);
    }

    @Nullable String namespace() {
      return in == null ? null : in.name();
    }

    boolean isCustom() {
      return tool instanceof CustomTool;
    }

    boolean isFunction() {
      return tool instanceof FunctionTool;
    }

    private boolean isIn(Set<String> names) {
      return names.contains(name())
          || names.contains(sent)
          || (names.contains(tool.type()) && !isFunction() && !isCustom())
          || (in != null && names.contains(in.name()));
    }
  }
}
