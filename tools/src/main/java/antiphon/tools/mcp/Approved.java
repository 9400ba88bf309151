package antiphon.tools.mcp;

import antiphon.core.tool.ToolSession.DueCall;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.McpApprovalRequest;
import antiphon.protocol.item.McpApprovalResponse;
import antiphon.protocol.item.McpCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call that was asked leave for, and the answer.
 *
 * @param approval the id of the request
 * @param granted whether it may run
 * @param reason why not; null if nobody said
 */
record Approved(
    String approval,
    String label,
    String tool,
    String arguments,
    boolean granted,
    @Nullable String reason) {

  private static final String PREFIX = "due_";

  /** The calls that a conversation has an answer for, and that have not become calls since. */
  static List<Approved> in(List<Item> conversation) {
    Map<String, McpApprovalRequest> asked = new HashMap<>();
    Map<String, Approved> answered = new LinkedHashMap<>();
    Set<String> called = new HashSet<>();
    for (Item item : conversation) {
      switch (item) {
        case McpApprovalRequest request when request.id() != null ->
            asked.put(request.id(), request);
        case McpApprovalResponse response -> {
          McpApprovalRequest request = asked.get(response.approvalRequestId());
          if (request != null) {
            answered.putIfAbsent(response.approvalRequestId(), of(request, response));
          }
        }
        case McpCall call when call.approvalRequestId() != null ->
            called.add(call.approvalRequestId());
        // What the model is told in its place.
        case FunctionCall call when call.callId().startsWith(PREFIX) ->
            called.add(call.callId().substring(PREFIX.length()));
        default -> {}
      }
    }
    answered.keySet().removeAll(called);
    return new ArrayList<>(answered.values());
  }

  private static Approved of(McpApprovalRequest request, McpApprovalResponse response) {
    return new Approved(
        response.approvalRequestId(),
        request.serverLabel(),
        request.name(),
        request.arguments(),
        response.approve(),
        response.reason());
  }

  /** The call that is due for it. */
  DueCall due() {
    return new DueCall(PREFIX + approval, FunctionNames.of(label, tool), arguments);
  }

  /** What the model is told of a call that was refused. */
  String refusal() {
    return "The user did not allow this call."
        + (reason == null || reason.isBlank() ? "" : " Reason: " + reason);
  }
}
