package antiphon.tools.own;

import antiphon.core.tool.ToolCall;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.McpCall;
import antiphon.protocol.item.ToolOutput;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.StringNode;

/**
 * Calls of the server's own tools as items. The API has events for them and no kind of item; they
 * are shown as calls of an MCP server of this name, which every client knows to be the server's
 * affair: a function call it would want to answer.
 */
public final class OwnItem {

  /** The server that such calls name. No request can have another one of this name. */
  public static final String LABEL = "antiphon";

  private OwnItem() {}

  /** A call that has begun. */
  public static McpCall begun(String id, String name, String arguments) {
    return new McpCall(
        id, arguments, name, LABEL, null, null, null, ItemStatus.IN_PROGRESS, Map.of());
  }

  /** A call that went well. */
  public static McpCall done(ToolCall call, String name, String output) {
    return new McpCall(
        call.itemId(),
        call.arguments(),
        name,
        LABEL,
        null,
        null,
        output,
        ItemStatus.COMPLETED,
        Map.of());
  }

  /** A call that did not. */
  public static McpCall failed(ToolCall call, String name, String error) {
    return new McpCall(
        call.itemId(),
        call.arguments(),
        name,
        LABEL,
        null,
        StringNode.valueOf(error),
        null,
        ItemStatus.FAILED,
        Map.of());
  }

  /**
   * What the model is to see of such an item of a conversation.
   *
   * @param name the tool's
   * @return empty if it is another one's
   */
  public static Optional<List<Item>> told(Item item, String name) {
    if (!(item instanceof McpCall call)
        || !call.serverLabel().equals(LABEL)
        || !call.name().equals(name)) {
      return Optional.empty();
    }
    String error = call.error() == null ? "The call was interrupted." : call.error().asString("");
    String output = call.output() == null ? error : call.output();
    String callId = "call_" + call.idOrEmpty();
    return Optional.of(
        List.of(
            new FunctionCall(null, callId, name, call.arguments(), ItemStatus.COMPLETED, Map.of()),
            new FunctionCallOutput(
                null, callId, new ToolOutput.Text(output), ItemStatus.COMPLETED, Map.of())));
  }
}
