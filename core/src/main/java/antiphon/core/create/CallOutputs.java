package antiphon.core.create;

import antiphon.core.engine.Calls;
import antiphon.core.response.Rejected;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.McpApprovalRequest;
import antiphon.protocol.item.McpApprovalResponse;
import antiphon.protocol.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Each tool call that the client is to run has exactly one output, and each output a call. They are
 * paired by place, see {@link Calls}. What is said once more, word for word, is no mistake: clients
 * send the whole history beside {@code previous_response_id}.
 */
final class CallOutputs {

  private final List<Item> items;
  private final int own;
  private final List<Item> kept = new ArrayList<>();
  private final Map<String, Deque<Integer>> open = new HashMap<>();
  private final Map<String, List<Item>> answered = new HashMap<>();

  private CallOutputs(List<Item> items, int own) {
    this.items = items;
    this.own = own;
  }

  /**
   * Checks a conversation.
   *
   * @param items the whole conversation
   * @param own where the request's own input begins: what is wrong there is named by its place
   * @return the same without calls and outputs that are there twice
   */
  static List<Item> paired(List<Item> items, int own) {
    approvals(items, own);
    CallOutputs outputs = new CallOutputs(items, own);
    for (int i = 0; i < items.size(); i++) {
      outputs.take(i);
    }
    if (!CompactedHistory.isAsked(items)) {
      outputs.requireAnswers();
    }
    return outputs.kept;
  }

  private void take(int index) {
    Item item = items.get(index);
    String call = Calls.brokenOff(item) ? null : Calls.callId(item);
    String output = Calls.answeredId(item);
    if (call != null) {
      if (!saidAgain(item, call, index)) {
        open.computeIfAbsent(call, _ -> new ArrayDeque<>()).add(index);
        kept.add(item);
      }
    } else if (output != null) {
      output(item, output, index);
    } else {
      kept.add(item);
    }
  }

  /** A call of the chain that the input repeats while it still waits for its output. */
  private boolean saidAgain(Item item, String call, int index) {
    return index >= own
        && open.getOrDefault(call, new ArrayDeque<>()).stream()
            .anyMatch(earlier -> earlier < own && same(items.get(earlier), item));
  }

  private void output(Item item, String call, int index) {
    Deque<Integer> calls = open.getOrDefault(call, new ArrayDeque<>());
    boolean waiting = !calls.isEmpty();
    List<Item> before = answered.getOrDefault(call, List.of());
    boolean known = before.stream().anyMatch(earlier -> same(earlier, item));
    if (known && index >= own && (!waiting || surplus(call, index))) {
      return;
    }
    if (waiting) {
      calls.remove();
      answered.computeIfAbsent(call, _ -> new ArrayList<>()).add(item);
    } else if (index >= own) {
      throw Rejected.invalid(
          "input[" + (index - own) + "].call_id",
          before.isEmpty()
              ? "No tool call found for the output with call_id '" + call + "'."
              : "The tool call '" + call + "' has more than one output.");
    }
    kept.add(item);
  }

  /** Whether more outputs of this id are still to come than there are calls for them. */
  private boolean surplus(String call, int index) {
    int balance = open.getOrDefault(call, new ArrayDeque<>()).size();
    for (Item later : items.subList(index, items.size())) {
      if (call.equals(Calls.answeredId(later))) {
        balance--;
      } else if (call.equals(Calls.callId(later)) && !Calls.brokenOff(later)) {
        balance++;
      }
    }
    return balance < 0;
  }

  /** Whether two items say the same; ids and states may differ. */
  private static boolean same(Item one, Item other) {
    return said(one).equals(said(other));
  }

  private static ObjectNode said(Item item) {
    ObjectNode node = Json.toTree(item).asObject();
    node.remove("id");
    node.remove("status");
    return node;
  }

  private void requireAnswers() {
    open.forEach((call, waiting) -> {
      if (!waiting.isEmpty()) {
        throw Rejected.invalid("input", "No tool output found for tool call '" + call + "'.");
      }
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
}
