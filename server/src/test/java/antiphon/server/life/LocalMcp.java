package antiphon.server.life;

import antiphon.core.net.AddressGuard;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.server.wiring.Storage;
import antiphon.tools.mcp.McpRunner;
import antiphon.tools.mcp.McpSettings;
import antiphon.tools.mcp.client.McpLimits;
import java.util.List;
import java.util.Map;

/** MCP servers on this machine as tools. */
final class LocalMcp {

  private static final AddressGuard GUARD = AddressGuard.of(List.of("127.0.0.1"), List.of());

  private LocalMcp() {}

  /** Runs their tools. */
  static McpRunner runner(Storage storage) {
    return new McpRunner(
        new McpSettings(Map.of(), GUARD, McpLimits.USUAL, 10_000), storage.approvals());
  }

  /** Their tools, and no others. */
  static ServerTools tools(Storage storage) {
    return new ServerTools(List.of(runner(storage)), ToolLimits.USUAL);
  }
}
