package antiphon.core.call;

import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ShellCallOutput;
import antiphon.protocol.item.UnknownItem;
import antiphon.protocol.response.Usage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The calls of server-run tools in one response: a fold over its inner log. Not safe for threads.
 */
public final class ServerCalls {

  private final Map<String, ServerCall> byItem = new LinkedHashMap<>();
  private int turn;
  private boolean clientsTurn;
  private boolean betweenTurns;
  private Usage atTurnEnd = Usage.ZERO;
  private int compactions;
  private int summaries;
  private int count;

  /** How many entries there are. */
  public int count() {
    return count;
  }

  public void apply(Entry entry) {
    count++;
    switch (entry) {
      case Entry.Called called -> {
        byItem.put(called.itemId(), new ServerCall(called, turn, false, 0, null, null, null));
        betweenTurns = false;
      }
      case Entry.TurnEnded ended -> end(ended);
      case Entry.Compacted(Usage usage, int summary) -> {
        compactions++;
        summaries += summary;
        atTurnEnd = usage;
      }
      case Entry.TurnBroken _ -> byItem.values().removeIf(call -> !call.due());
      case Entry.Started(String itemId, int attempt) ->
          change(
              itemId, c -> new ServerCall(c.called(), c.turn(), true, attempt, null, null, null));
      case Entry.Waiting waiting ->
          change(
              waiting.itemId(),
              c ->
                  new ServerCall(
                      c.called(), c.turn(), true, c.attempts(), waiting, null, c.told()));
      case Entry.Woken woken -> wake(woken);
      case Entry.Answered(String itemId, List<Item> told) -> tell(itemId, told);
      case Entry.Asked(String itemId) -> {
        clientsTurn = true;
        tell(itemId, List.of());
      }
    }
  }

  /** Folds entries as they were kept; those that a newer version has written count alone. */
  public void replay(List<byte[]> entries) {
    for (byte[] entry : entries) {
      Entry.of(entry).ifPresentOrElse(this::apply, () -> count++);
    }
  }

  /**
   * What the model is to see of an ended response.
   *
   * @param entries its inner log
   * @param output its output items
   */
  public static List<Item> told(List<byte[]> entries, List<Item> output) {
    if (entries.isEmpty()) {
      return output;
    }
    ServerCalls calls = new ServerCalls();
    calls.replay(entries);
    return calls.told(output);
  }

  private void end(Entry.TurnEnded ended) {
    byItem.replaceAll((_, c) ->
        c.turn() == turn && !c.due()
            ? new ServerCall(c.called(), turn, true, 0, null, null, null)
            : c);
    turn++;
    betweenTurns = true;
    clientsTurn |= ended.clientsTurn();
    atTurnEnd = ended.usage();
  }

  private void wake(Entry.Woken woken) {
    for (ServerCall call : List.copyOf(byItem.values())) {
      boolean meant =
          woken.itemId() == null ? call.hears() : woken.itemId().equals(call.called().itemId());
      if (meant && call.waits() && !call.over()) {
        byItem.put(
            call.called().itemId(),
            new ServerCall(
                call.called(), call.turn(), true, call.attempts(), call.waiting(), woken, null));
      }
    }
  }

  private void tell(String itemId, List<Item> told) {
    change(
        itemId,
        c ->
            new ServerCall(c.called(), c.turn(), true, c.attempts(), c.waiting(), c.woken(), told));
  }

  private void change(String itemId, UnaryOperator<ServerCall> change) {
    byItem.computeIfPresent(itemId, (_, call) -> change.apply(call));
  }

  /** All calls whose turn has ended, in their order. */
  private List<ServerCall> due() {
    return byItem.values().stream().filter(ServerCall::due).toList();
  }

  /** Whether there are calls of a turn that has not ended. */
  public boolean inTurn() {
    return byItem.values().stream().anyMatch(call -> !call.due());
  }

  /** Whether the item is a call that was to be run, over or not. */
  public boolean isDue(String itemId) {
    ServerCall call = byItem.get(itemId);
    return call != null && call.due();
  }

  /** Whether the item is a call that is to be run, or being run, or waits. */
  public boolean isUnderWay(String itemId) {
    ServerCall call = byItem.get(itemId);
    return call != null && call.due() && !call.over();
  }

  /** Whether the item is a call that waits for its time, or to be woken. */
  public boolean isAsleep(String itemId) {
    ServerCall call = byItem.get(itemId);
    return call != null && call.waits() && !call.over();
  }

  /** Whether a call waits for its time, or to be woken. */
  public boolean isAsleep() {
    return byItem.keySet().stream().anyMatch(this::isAsleep);
  }

  /** Whether a call waits that a client's message would wake. */
  public boolean hears() {
    return byItem.values().stream().anyMatch(ServerCall::hears);
  }

  /** How far the run has come. */
  public Progress progress() {
    return new Progress(due(), betweenTurns, clientsTurn, atTurnEnd, compactions, summaries);
  }

  /**
   * The output as the model sees it: a call of a server-run tool stands there as the function call
   * that it was, with what came of it. Calls of one turn come together, before their outputs. What
   * asked the client stays as it is: the answer is still to come.
   */
  public List<Item> told(List<Item> output) {
    return byItem.isEmpty() ? output : new Telling().of(output);
  }

  private static final String SEARCH = "tool_search";

  private final class Telling {
    private final List<Item> told = new ArrayList<>();
    private final List<Item> outputs = new ArrayList<>();
    private int of = -1;

    /** The output of a call that tells it already. */
    private boolean isOutput(Item item) {
      if (item instanceof UnknownItem found && found.type().equals(SEARCH + "_output")) {
        return byItem.values().stream()
            .anyMatch(call -> call.called().function().startsWith(SEARCH));
      }
      return item instanceof ShellCallOutput output
          && byItem.values().stream()
              .anyMatch(call -> call.called().callId().equals(output.callId()));
    }

    List<Item> of(List<Item> output) {
      for (Item item : output) {
        ServerCall call = byItem.get(item.idOrEmpty());
        List<Item> instead = call == null ? null : call.told();
        if (isOutput(item)) {
          continue;
        }
        if (call == null || instead == null || instead.isEmpty()) {
          flushUnless(item instanceof FunctionCall);
          told.add(item);
        } else {
          flushUnless(call.turn() == of);
          of = call.turn();
          for (Item one : instead) {
            (one instanceof FunctionCall ? told : outputs).add(one);
          }
        }
      }
      flushUnless(false);
      return List.copyOf(told);
    }

    private void flushUnless(boolean sameTurn) {
      if (!sameTurn) {
        told.addAll(outputs);
        outputs.clear();
        of = -1;
      }
    }
  }
}
