package antiphon.core.create;

import antiphon.core.response.Rejected;
import antiphon.protocol.item.ComputerCall;
import antiphon.protocol.item.ComputerCallOutput;
import antiphon.protocol.item.CustomToolCall;
import antiphon.protocol.item.CustomToolCallOutput;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.LocalShellCall;
import antiphon.protocol.item.LocalShellCallOutput;
import antiphon.protocol.item.McpApprovalRequest;
import antiphon.protocol.item.McpApprovalResponse;
import antiphon.protocol.item.ShellCall;
import antiphon.protocol.item.ShellCallOutput;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Each tool call that the client is to run has exactly one output, and each output a call. */
final class CallOutputs {

  private CallOutputs() {}

  /**
   * @param items the whole conversation
   * @param own where the request's own input begins: what is wrong there is named by its place
   */
  static void check(List<Item> items, int own) {
    approvals(items, own);
    Map<String, Integer> waiting = new HashMap<>();
    Set<String> answered = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      String call = callId(item);
      String output = outputCallId(item);
      if (call != null) {
        waiting.put(call, i);
      } else if (output != null && waiting.remove(output) != null) {
        answered.add(output);
      } else if (output != null && i >= own) {
        throw Rejected.invalid(
            "input[" + (i - own) + "].call_id",
            answered.contains(output)
                ? "The tool call '" + output + "' has more than one output."
                : "No tool call found for the output with call_id '" + output + "'.");
      }
    }
    waiting.keySet().stream()
        .findFirst()
        .ifPresent(call -> {
          throw Rejected.invalid("input", "No tool output found for tool call '" + call + "'.");
        });
  }

  /** Leave for what nobody asked about would be dropped in silence; a request may stay open. */
  private static void approvals(List<Item> items, int own) {
    Set<String> open = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      if (item instanceof McpApprovalRequest request && request.id() != null) {
        open.add(request.id());
      } else if (item instanceof McpApprovalResponse response
          && !open.remove(response.approvalRequestId())
          && i >= own) {
        throw Rejected.invalid(
            "input[" + (i - own) + "].approval_request_id",
            "No open approval request found with id '" + response.approvalRequestId() + "'.");
      }
    }
  }

  private static @Nullable String callId(Item item) {
    // A call that broke off was never given to the client, so nobody can answer it.
    if (item.status() == ItemStatus.INCOMPLETE) {
      return null;
    }
    return switch (item) {
      case FunctionCall call -> call.callId();
      case CustomToolCall call -> call.callId();
      case ComputerCall call -> call.callId();
      case LocalShellCall call -> call.callId();
      case ShellCall call -> call.callId();
      default -> null;
    };
  }

  private static @Nullable String outputCallId(Item item) {
    return switch (item) {
      case FunctionCallOutput output -> output.callId();
      case CustomToolCallOutput output -> output.callId();
      case ComputerCallOutput output -> output.callId();
      // The wire has no call_id here: the output carries the id of its call.
      case LocalShellCallOutput output -> output.id();
      case ShellCallOutput output -> output.callId();
      default -> null;
    };
  }
}
