package antiphon.server.wiring;

import antiphon.core.agent.AgentCalls;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolRunner;
import antiphon.knowledge.pages.KeptPages;
import antiphon.server.settings.ToolSettings;
import antiphon.tools.agent.AgentRunner;
import antiphon.tools.history.HistoryRunner;
import antiphon.tools.image.ImageRunner;
import antiphon.tools.image.ImageSettings;
import antiphon.tools.mcp.McpRunner;
import antiphon.tools.mcp.McpSettings;
import antiphon.tools.mcp.client.McpLimits;
import antiphon.tools.search.ToolSearchRunner;
import antiphon.tools.sleep.SleepRunner;
import antiphon.tools.websearch.WebSearchRunner;
import antiphon.tools.websearch.WebSearchSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tools that a server runs, put together. */
final class Toolbox {

  private Toolbox() {}

  /**
   * The tools of the settings; closed by whoever asked.
   *
   * @param knowledge files, and what is remembered of responses; null for nothing
   * @param pages the folder of the pages that are searched without a network
   * @param agents begins responses on behalf of others; null for none
   * @param more runners of tools that need more than these
   */
  static ServerTools open(
      ToolSettings settings,
      Storage storage,
      @Nullable Knowledge knowledge,
      Path pages,
      @Nullable AgentCalls agents,
      List<ToolRunner> more) {
    List<ToolRunner> runners = new ArrayList<>();
    // Before that of MCP: their items look like those.
    runners.add(new SleepRunner(storage.responses().clock()));
    runners.add(new ToolSearchRunner());
    if (settings.history() && knowledge != null) {
      runners.add(new HistoryRunner(knowledge.memory()));
    }
    if (!settings.agents().isEmpty() && agents != null) {
      runners.add(new AgentRunner(settings.agents(), agents, storage.responses().clock()));
    }
    runners.add(
        new McpRunner(
            new McpSettings(
                settings.mcp(), settings.guard(), McpLimits.USUAL, settings.limits().outputChars()),
            storage.approvals()));
    ImageSettings image = settings.image();
    if (image != null) {
      runners.add(new ImageRunner(image));
    }
    WebSearchSettings web = settings.webSearch();
    if (web != null) {
      runners.add(
          WebSearchRunner.live(
              web, settings.guard(), knowledge == null ? null : knowledge.documents()));
    } else if (knowledge != null) {
      ToolSettings.OfflineSearch kept = settings.offlineSearch();
      runners.add(
          WebSearchRunner.offline(
              new KeptPages(pages, knowledge.embedders()), kept.always(), kept.pages()));
    }
    runners.addAll(more);
    return new ServerTools(runners, settings.limits());
  }
}
