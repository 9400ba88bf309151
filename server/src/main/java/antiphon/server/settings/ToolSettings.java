package antiphon.server.settings;

import antiphon.core.create.UnavailableTools;
import antiphon.core.net.AddressGuard;
import antiphon.core.tool.ToolLimits;
import antiphon.tools.agent.Agent;
import antiphon.tools.image.ImageSettings;
import antiphon.tools.mcp.McpSettings.Registered;
import antiphon.tools.websearch.WebSearchSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tools that this server runs.
 *
 * @param unavailable what becomes of tools that neither the client runs nor this server can
 * @param allowHosts places beside the public Internet that requests may name
 * @param allowNetworks networks of such places
 * @param limits of each call
 * @param mcp registered MCP servers by their names
 * @param image who makes images; null for nobody
 * @param agents that models may give work to, by their ids
 * @param webSearch who searches the web; null for nobody
 * @param offlineSearch how the pages that are kept here answer such searches, where nobody else
 *     does
 * @param history whether exchanges are remembered whose requests ask for it
 */
public record ToolSettings(
    UnavailableTools unavailable,
    List<String> allowHosts,
    List<String> allowNetworks,
    ToolLimits limits,
    Map<String, Registered> mcp,
    @Nullable ImageSettings image,
    Map<String, Agent> agents,
    @Nullable WebSearchSettings webSearch,
    OfflineSearch offlineSearch,
    boolean history) {

  /**
   * Searches of the web that the server's own pages answer.
   *
   * @param always also while no page has been added
   * @param pages whether models may open pages
   */
  public record OfflineSearch(boolean always, boolean pages) {

    static final OfflineSearch USUAL = new OfflineSearch(false, true);
  }

  static final ToolSettings DEFAULT =
      new ToolSettings(
          UnavailableTools.LEAVE_OUT,
          List.of(),
          List.of(),
          ToolLimits.USUAL,
          Map.of(),
          null,
          Map.of(),
          null,
          OfflineSearch.USUAL,
          false);

  public ToolSettings {
    allowHosts = List.copyOf(allowHosts);
    allowNetworks = List.copyOf(allowNetworks);
    mcp = Map.copyOf(mcp);
    agents = Map.copyOf(agents);
  }

  /** Keeps tools from places that are not allowed. */
  public AddressGuard guard() {
    return AddressGuard.of(allowHosts, allowNetworks);
  }
}
