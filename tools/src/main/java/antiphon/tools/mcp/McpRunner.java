package antiphon.tools.mcp;

import antiphon.core.engine.Engine;
import antiphon.core.response.Owner;
import antiphon.core.tool.Approvals;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolRunner;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.McpApprovalRequest;
import antiphon.protocol.item.McpApprovalResponse;
import antiphon.protocol.item.McpCall;
import antiphon.protocol.item.McpListTools;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.McpServerTool;
import antiphon.protocol.tool.Tool;
import antiphon.tools.mcp.client.Deadlines;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs the tools of MCP servers. */
public final class McpRunner implements ToolRunner {

  private final McpSettings settings;
  private final Targets targets;
  private final Approvals approvals;
  private final Deadlines deadlines = new Deadlines();

  /**
   * @param approvals where leave is used up, once
   */
  public McpRunner(McpSettings settings, Approvals approvals) {
    this.settings = settings;
    this.approvals = approvals;
    targets = new Targets(settings);
  }

  @Override
  public boolean serves(Tool tool) {
    return tool instanceof McpServerTool;
  }

  @Override
  public Optional<Engine.Refusal> refuses(Owner owner, CreateResponse request, int index) {
    List<Tool> tools = request.tools() == null ? List.of() : request.tools();
    if (!(tools.get(index) instanceof McpServerTool tool)) {
      return Optional.empty();
    }
    String param = "tools[" + index + "]";
    Engine.Refusal refusal = targets.refusal(owner, tool, param);
    if (refusal != null) {
      return Optional.of(refusal);
    }
    Set<String> labels = new HashSet<>();
    for (Tool before : tools.subList(0, index)) {
      if (before instanceof McpServerTool other) {
        labels.add(String.valueOf(Targets.label(other)));
      }
    }
    String label = String.valueOf(Targets.label(tool));
    return labels.contains(label)
        ? Optional.of(
            new Engine.Refusal(
                param + ".server_label", "There is more than one MCP server '" + label + "'."))
        : Optional.empty();
  }

  @Override
  public ToolSession open(ToolContext context, List<Tool> tools) {
    List<Remote> remotes = new ArrayList<>();
    for (Tool tool : tools) {
      if (tool instanceof McpServerTool server) {
        remotes.add(new Remote(targets.of(context.response().owner(), server), deadlines));
      }
    }
    return new McpSession(context, remotes, settings.maxResult(), approvals);
  }

  /** A call and its output, as any other function's; of lists and of leave it hears nothing. */
  @Override
  public Optional<List<Item>> told(Item item) {
    return switch (item) {
      case McpCall call -> Optional.of(told(call));
      case McpListTools _, McpApprovalRequest _, McpApprovalResponse _ -> Optional.of(List.of());
      default -> Optional.empty();
    };
  }

  private static List<Item> told(McpCall call) {
    String callId = "call_" + call.idOrEmpty();
    String name = FunctionNames.of(call.serverLabel(), call.name());
    String output = call.output();
    if (output == null) {
      output =
          call.error() == null
              ? "The call was interrupted."
              : call.error().isString() ? call.error().asString() : call.error().toString();
    }
    return List.of(
        new FunctionCall(null, callId, name, call.arguments(), ItemStatus.COMPLETED, Map.of()),
        new FunctionCallOutput(
            null, callId, new ToolOutput.Text(output), ItemStatus.COMPLETED, Map.of()));
  }

  @Override
  public void close() {
    targets.close();
    deadlines.close();
  }
}
