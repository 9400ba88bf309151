package antiphon.core.engine;

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
import antiphon.protocol.item.ShellCall;
import antiphon.protocol.item.ShellCallOutput;
import antiphon.protocol.item.UnknownItem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which items are calls that the client runs, and which are outputs of them. An id is unique in the
 * engine's message at most, so a call and its output are paired by place: an output belongs to the
 * oldest call of its id that has none yet.
 */
public final class Calls {

  private Calls() {}

  /** The id of a call for the client, whether it is whole or broke off; null for other items. */
  public static @Nullable String callId(Item item) {
    return switch (item) {
      case FunctionCall call -> call.callId();
      case CustomToolCall call -> call.callId();
      case ComputerCall call -> call.callId();
      case LocalShellCall call -> call.callId();
      case ShellCall call -> call.callId();
      case UnknownItem call when call.type().endsWith("_call") -> text(call, "call_id");
      default -> null;
    };
  }

  /** The id of the call that an item is the output of; null for other items. */
  public static @Nullable String answeredId(Item item) {
    return switch (item) {
      case FunctionCallOutput output -> output.callId();
      case CustomToolCallOutput output -> output.callId();
      case ComputerCallOutput output -> output.callId();
      // Some name the call, some carry its id as their own.
      case LocalShellCallOutput output -> named(output);
      case ShellCallOutput output -> output.callId();
      case UnknownItem output when output.type().endsWith("_output") -> text(output, "call_id");
      default -> null;
    };
  }

  private static String named(LocalShellCallOutput output) {
    JsonNode call = output.extra().get("call_id");
    return call == null || !call.isString() ? output.id() : call.asString();
  }

  /** A field of an item of a kind that this version does not know; null if it is no text. */
  public static @Nullable String text(UnknownItem item, String field) {
    JsonNode value = item.fields().get(field);
    return value == null || !value.isString() ? null : value.asString();
  }

  /** Whether an item broke off: nobody was ever given it, if it is a call. */
  public static boolean brokenOff(Item item) {
    return item instanceof UnknownItem unknown
        ? "incomplete".equals(text(unknown, "status"))
        : item.status() == ItemStatus.INCOMPLETE;
  }

  /**
   * Pairs calls and outputs.
   *
   * @return the index of each call's output, by the index of the call
   */
  public static Map<Integer, Integer> pairs(List<Item> items) {
    Map<String, Deque<Integer>> whole = new HashMap<>();
    Map<String, Deque<Integer>> broken = new HashMap<>();
    Map<Integer, Integer> pairs = new HashMap<>();
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      String call = callId(item);
      String answered = answeredId(item);
      if (call != null) {
        (brokenOff(item) ? broken : whole).computeIfAbsent(call, _ -> new ArrayDeque<>()).add(i);
      } else if (answered != null) {
        Integer of = oldest(whole, answered);
        of = of == null ? oldest(broken, answered) : of;
        if (of != null) {
          pairs.put(of, i);
        }
      }
    }
    return pairs;
  }

  private static @Nullable Integer oldest(Map<String, Deque<Integer>> open, String id) {
    Deque<Integer> waiting = open.get(id);
    return waiting == null ? null : waiting.poll();
  }
}
