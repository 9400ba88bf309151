package antiphon.core.create;

import antiphon.core.engine.AdditionalTools;
import antiphon.core.engine.ClientTools;
import antiphon.core.response.Rejected;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import antiphon.protocol.tool.UnknownTool;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of tools that neither the client runs nor this server can. Beside others, and where
 * the model is free to do without, they are left out; else the request is refused.
 */
public enum UnavailableTools {
  /** They are left out, and the client is told. */
  LEAVE_OUT,
  /** The request is refused. */
  REFUSE;

  /**
   * The tools of a request that nobody runs.
   *
   * @param served whether the engine or this server runs a tool
   * @param byEngine whether the engine does
   * @return their types, each once, in the request's order
   * @throws Rejected if the request cannot be served without one of them
   */
  public List<String> leftOut(
      CreateResponse request, Predicate<Tool> served, Predicate<Tool> byEngine) {
    List<Tool> tools = request.tools() == null ? List.of() : request.tools();
    List<String> types = new ArrayList<>();
    int first = -1;
    for (int i = 0; i < tools.size(); i++) {
      Tool tool = tools.get(i);
      if (!ClientTools.runs(tool) && !served.test(tool)) {
        first = first < 0 ? i : first;
        if (!types.contains(tool.type())) {
          types.add(tool.type());
        }
      }
    }
    if (first >= 0) {
      boolean alone = types.size() == tools.stream().map(Tool::type).distinct().count();
      if (this == REFUSE || alone || forced(request.toolChoice(), types)) {
        Tool tool = tools.get(first);
        throw Rejected.invalid(
            "tools[" + first + "]" + (tool instanceof UnknownTool ? ".type" : ""),
            "The tool '"
                + tool.type()
                + "' has to be run by the server, and this server does not run it.");
      }
    }
    brought(request, byEngine, types);
    return types;
  }

  /** Tools that items bring are no field of the request: the engine alone can run them. */
  private void brought(CreateResponse request, Predicate<Tool> byEngine, List<String> types) {
    for (Tool tool : AdditionalTools.in(request)) {
      if (!ClientTools.runs(tool) && !byEngine.test(tool)) {
        if (this == REFUSE) {
          throw Rejected.invalid(
              "input",
              "The tool '"
                  + tool.type()
                  + "' has to be run by the server, and this server does not run it.");
        }
        if (!types.contains(tool.type())) {
          types.add(tool.type());
        }
      }
    }
  }

  private static boolean forced(@Nullable ToolChoice choice, List<String> types) {
    return switch (choice) {
      case ToolChoice.Hosted hosted -> types.contains(hosted.type());
      case ToolChoice.Mcp _ -> types.contains("mcp");
      case ToolChoice.Allowed allowed ->
          allowed.tools().stream().allMatch(tool -> types.contains(tool.type()));
      case ToolChoice.Mode _, ToolChoice.Function _, ToolChoice.Custom _ -> false;
      case null -> false;
    };
  }
}
