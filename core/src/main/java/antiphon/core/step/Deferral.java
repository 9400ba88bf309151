package antiphon.core.step;

import antiphon.core.engine.DeferredTool;
import antiphon.core.tool.LoadedTools;
import antiphon.protocol.item.Item;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.NamespaceTool;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which tools wait to be loaded by a search that the server runs, and which have been. */
final class Deferral {

  /** Where nobody searches, nothing waits. */
  static final Deferral NONE = new Deferral(Map.of(), Set.of());

  private final Map<String, DeferredTool> deferred;
  private final Set<String> loaded;

  private Deferral(Map<String, DeferredTool> deferred, Set<String> loaded) {
    this.deferred = deferred;
    this.loaded = loaded;
  }

  /**
   * @param offered functions of the server's other tools
   * @param conversation everything so far
   */
  static Deferral of(
      CreateResponse request, Collection<FunctionTool> offered, List<Item> conversation) {
    Map<String, DeferredTool> deferred = new LinkedHashMap<>();
    for (Tool tool : request.tools() == null ? List.<Tool>of() : request.tools()) {
      if (tool instanceof NamespaceTool namespace) {
        namespace.tools().forEach(inner -> add(DeferredTool.of(inner, namespace), deferred));
      } else {
        add(DeferredTool.of(tool, null), deferred);
      }
    }
    offered.forEach(function -> add(DeferredTool.of(function, null), deferred));
    Set<String> loaded = new HashSet<>(LoadedTools.in(conversation));
    loaded.addAll(chosen(request.toolChoice()));
    return new Deferral(deferred, loaded);
  }

  /** What the model has to call cannot wait. */
  private static List<String> chosen(@Nullable ToolChoice choice) {
    return switch (choice) {
      case ToolChoice.Function function -> List.of(function.name());
      case ToolChoice.Custom custom -> List.of(custom.name());
      case ToolChoice.Allowed allowed ->
          allowed.tools().stream()
              .map(ToolChoice.AllowedTool::name)
              .filter(java.util.Objects::nonNull)
              .toList();
      case ToolChoice.Mode _, ToolChoice.Hosted _, ToolChoice.Mcp _ -> List.of();
      case null -> List.of();
    };
  }

  private static void add(@Nullable DeferredTool tool, Map<String, DeferredTool> deferred) {
    if (tool != null) {
      deferred.putIfAbsent(tool.name(), tool);
    }
  }

  /** All of them, loaded or not. */
  List<DeferredTool> tools() {
    return List.copyOf(deferred.values());
  }

  /** Whether the model is not to see a function that this server offers. */
  boolean hides(String name) {
    return deferred.containsKey(name) && !loaded.contains(name);
  }

  /** The request's own tools as the model sees them. */
  List<Tool> shown(List<Tool> tools) {
    if (deferred.isEmpty()) {
      return tools;
    }
    List<Tool> shown = new ArrayList<>();
    for (Tool tool : tools) {
      if (tool instanceof NamespaceTool namespace) {
        List<Tool> inner = new ArrayList<>();
        namespace.tools().forEach(one -> show(one, namespace, inner));
        if (!inner.isEmpty()) {
          shown.add(
              new NamespaceTool(
                  namespace.name(), namespace.description(), inner, namespace.extra()));
        }
      } else {
        show(tool, null, shown);
      }
    }
    return shown;
  }

  private void show(Tool tool, @Nullable NamespaceTool in, List<Tool> shown) {
    DeferredTool waits = DeferredTool.of(tool, in);
    if (waits == null) {
      shown.add(tool);
    } else if (!hides(waits.name())) {
      shown.add(waits.tool());
    }
  }
}
