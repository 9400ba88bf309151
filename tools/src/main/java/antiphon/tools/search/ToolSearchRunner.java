package antiphon.tools.search;

import antiphon.core.engine.ClientTools;
import antiphon.core.tool.LoadedTools;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolRunner;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolSearchTool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Runs the tool {@code tool_search}, unless the client runs it. */
public final class ToolSearchRunner implements ToolRunner {

  static final String CALL = "tool_search_call";

  @Override
  public boolean serves(Tool tool) {
    return tool instanceof ToolSearchTool && !ClientTools.runs(tool);
  }

  @Override
  public ToolSession open(ToolContext context, List<Tool> tools) {
    return new ToolSearchSession();
  }

  /** A search that a client says back: what it has found is told, and so loaded again. */
  @Override
  public Optional<List<Item>> told(Item item) {
    if (!(item instanceof UnknownItem known) || !isServers(known)) {
      return Optional.empty();
    }
    if (known.type().equals(CALL)) {
      return Optional.of(List.of());
    }
    if (!known.type().equals(LoadedTools.OUTPUT)) {
      return Optional.empty();
    }
    String callId = "call_" + item.idOrEmpty();
    JsonNode tools = known.fields().getOrDefault("tools", JsonNodeFactory.instance.arrayNode());
    return Optional.of(
        List.of(
            new FunctionCall(
                null, callId, LoadedTools.SEARCH, "{}", ItemStatus.COMPLETED, Map.of()),
            new FunctionCallOutput(
                null,
                callId,
                new ToolOutput.Text(Json.text(Map.of("tools", tools))),
                ItemStatus.COMPLETED,
                Map.of())));
  }

  private static boolean isServers(UnknownItem item) {
    JsonNode execution = item.fields().get("execution");
    return execution != null && execution.asString("").equals("server");
  }
}
