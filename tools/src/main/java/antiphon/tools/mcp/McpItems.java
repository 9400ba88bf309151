package antiphon.tools.mcp;

import antiphon.core.log.NextEvent;
import antiphon.core.tool.CallItem;
import antiphon.protocol.event.McpCallArgumentsEvent;
import antiphon.protocol.event.McpCallEvent;
import antiphon.protocol.event.McpListToolsEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.McpApprovalRequest;
import antiphon.protocol.item.McpCall;
import antiphon.protocol.item.McpListTools;
import antiphon.protocol.item.McpTool;
import antiphon.tools.mcp.client.ListedTool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.StringNode;

/** How lists, calls and requests for leave show in the output. */
final class McpItems {

  /** Marks a list that has not all of its server's tools, since the request allowed only some. */
  private static final String FILTERED = "filtered";

  private static final String LISTING = "listing";

  private McpItems() {}

  static McpListTools list(String id, String label, List<ListedTool> tools, boolean filtered) {
    List<McpTool> shown = new ArrayList<>();
    for (ListedTool tool : tools) {
      shown.add(
          new McpTool(
              tool.name(), tool.schema(), tool.annotations(), tool.description(), Map.of()));
    }
    Map<String, JsonNode> extra = filtered ? Map.of(FILTERED, BooleanNode.TRUE) : Map.of();
    return new McpListTools(id, label, shown, null, extra);
  }

  /**
   * A list that is being asked for. If the run breaks off it stays so, and must not be taken for
   * one of a server without tools.
   */
  static McpListTools asking(String id, String label) {
    return new McpListTools(id, label, List.of(), null, Map.of(LISTING, BooleanNode.TRUE));
  }

  /** Whether a list was still being asked for when its run broke off. */
  static boolean brokenOff(McpListTools list) {
    return list.extra().containsKey(LISTING);
  }

  static McpListTools noList(String id, String label, String error) {
    return new McpListTools(id, label, List.of(), error, Map.of());
  }

  /** The tools of a list that is in the conversation. */
  static List<ListedTool> tools(McpListTools list) {
    List<ListedTool> tools = new ArrayList<>();
    for (McpTool tool : list.tools()) {
      Map<String, JsonNode> annotations = tool.annotations();
      tools.add(
          new ListedTool(
              tool.name(),
              tool.description(),
              tool.inputSchema(),
              annotations == null ? Map.of() : annotations));
    }
    return tools;
  }

  static boolean filtered(McpListTools list) {
    JsonNode filtered = list.extra().get(FILTERED);
    return filtered != null && filtered.asBoolean(false);
  }

  static NextEvent listing(String id, int index) {
    return seq -> new McpListToolsEvent.InProgress(seq, id, index);
  }

  static NextEvent listed(String id, int index) {
    return seq -> new McpListToolsEvent.Completed(seq, id, index);
  }

  static NextEvent notListed(String id, int index) {
    return seq -> new McpListToolsEvent.Failed(seq, id, index);
  }

  static NextEvent called(String id, int index) {
    return seq -> new McpCallEvent.Completed(seq, id, index);
  }

  static NextEvent notCalled(String id, int index) {
    return seq -> new McpCallEvent.Failed(seq, id, index);
  }

  /**
   * A call.
   *
   * @param approval the request for leave that was granted; null if none was needed
   */
  static McpCall call(
      String id, String arguments, String label, String tool, @Nullable String approval) {
    return new McpCall(
        id, arguments, tool, label, approval, null, null, ItemStatus.IN_PROGRESS, Map.of());
  }

  /** A call as it ended. */
  static McpCall ended(McpCall call, CallResult result) {
    return new McpCall(
        call.id(),
        call.arguments(),
        call.name(),
        call.serverLabel(),
        call.approvalRequestId(),
        result.failed() ? StringNode.valueOf(result.text()) : null,
        result.failed() ? null : result.text(),
        result.failed() ? ItemStatus.FAILED : ItemStatus.COMPLETED,
        call.extra());
  }

  /** A call that runs as soon as it is whole. */
  record Calling(String label, String tool, @Nullable String approval) implements CallItem {

    @Override
    public String prefix() {
      return "mcp";
    }

    @Override
    public Item begun(String itemId, String callId, String arguments) {
      return call(itemId, arguments, label, tool, approval);
    }

    @Override
    public List<NextEvent> added(String itemId, int outputIndex) {
      return List.of(seq -> new McpCallEvent.InProgress(seq, itemId, outputIndex));
    }

    @Override
    public List<NextEvent> arguments(String itemId, int outputIndex, String delta) {
      return List.of(seq -> new McpCallArgumentsEvent.Delta(seq, itemId, outputIndex, delta));
    }

    @Override
    public List<NextEvent> argumentsDone(String itemId, int outputIndex, String arguments) {
      return List.of(seq -> new McpCallArgumentsEvent.Done(seq, itemId, outputIndex, arguments));
    }
  }

  /** A call that needs leave: shown when its arguments are whole, for somebody to judge them. */
  record Asking(String label, String tool) implements CallItem {

    @Override
    public String prefix() {
      return "mcpr";
    }

    @Override
    public boolean early() {
      return false;
    }

    @Override
    public Item begun(String itemId, String callId, String arguments) {
      return new McpApprovalRequest(itemId, arguments, tool, label, Map.of());
    }
  }

  /** A schema as a model is told it. */
  static Map<String, JsonNode> schema(Map<String, JsonNode> schema) {
    Map<String, JsonNode> told = new LinkedHashMap<>(schema);
    // Some engines take no other fields at the top than those of a schema.
    told.remove("$schema");
    return told;
  }
}
