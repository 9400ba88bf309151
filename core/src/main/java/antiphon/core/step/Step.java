package antiphon.core.step;

import antiphon.core.call.Progress;
import antiphon.core.call.ServerCall;
import antiphon.core.response.Transition;
import java.util.Comparator;
import java.util.List;

/** What a run does next. It follows from the log alone, on whatever node. */
sealed interface Step {

  /** The model goes on. */
  record ModelTurn() implements Step {}

  /** The conversation is summed up, as the request asks for and for nothing else. */
  record Compact() implements Step {}

  /** These calls are to be run. */
  record RunCalls(List<ServerCall> calls) implements Step {}

  /** Nothing can be done before this call's time comes, in milliseconds since 1970. */
  record Wait(String itemId, long until) implements Step {}

  /** The response ends. */
  record End(Transition transition) implements Step {}

  /**
   * The next step.
   *
   * @param compactAsked whether the request wants the conversation compacted and nothing else
   * @param now milliseconds since 1970
   */
  static Step after(Progress progress, boolean compactAsked, long now) {
    if (compactAsked) {
      return progress.compactions() == 0 ? new Compact() : new End(new Transition.Complete());
    }
    List<ServerCall> open = progress.open();
    List<ServerCall> ready = open.stream().filter(call -> !asleep(call, now)).toList();
    if (!ready.isEmpty()) {
      return new RunCalls(ready);
    }
    if (!open.isEmpty()) {
      ServerCall first = open.stream().min(Comparator.comparingLong(Step::until)).orElseThrow();
      return new Wait(first.called().itemId(), until(first));
    }
    return progress.betweenTurns() && progress.clientsTurn()
        ? new End(new Transition.Complete())
        : new ModelTurn();
  }

  private static boolean asleep(ServerCall call, long now) {
    return call.waits() && until(call) > now;
  }

  private static long until(ServerCall call) {
    return call.waiting() == null ? 0 : call.waiting().until();
  }
}
