package antiphon.tools.mcp;

import antiphon.protocol.tool.FunctionTool;
import antiphon.tools.mcp.client.ListedTool;
import java.util.Map;

/**
 * A tool that the model may call.
 *
 * @param function what the model calls it
 */
record Offer(String function, Remote remote, ListedTool tool) {

  static Offer of(Remote remote, ListedTool tool) {
    return new Offer(FunctionNames.of(remote.target().label(), tool.name()), remote, tool);
  }

  /** Whether a call of it needs leave. */
  boolean asks() {
    return remote.target().approval().required(tool.name(), tool.annotations());
  }

  FunctionTool told() {
    return new FunctionTool(
        function,
        tool.description(),
        McpItems.schema(tool.schema()),
        false,
        remote.target().deferred() ? true : null,
        Map.of());
  }
}
