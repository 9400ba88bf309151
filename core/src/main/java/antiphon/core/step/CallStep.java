package antiphon.core.step;

import antiphon.core.call.Entry;
import antiphon.core.call.ServerCall;
import antiphon.core.health.Complaints;
import antiphon.core.log.LiveLog;
import antiphon.core.log.NextEvent;
import antiphon.core.response.Ids;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolLimits;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.event.OutputItemEvent;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one call of a server-run tool. That it is being run is durable before the tool is called,
 * and what came of it before the model sees it; so a call that may have run before a crash is not
 * run again, unless its tool says that repeating it does no harm.
 */
final class CallStep {

  private static final Logger LOG = LoggerFactory.getLogger(CallStep.class);

  private final LiveLog log;
  private final OpenTools tools;
  private final ToolLimits limits;
  private final RunReport report;

  CallStep(LiveLog log, OpenTools tools, RunReport report) {
    this.log = log;
    this.tools = tools;
    this.limits = tools.limits();
    this.report = report;
  }

  /**
   * Runs it to its end, or until it waits.
   *
   * @param allowed whether the response may make as many calls
   */
  void run(ServerCall call, boolean allowed) throws InterruptedException {
    Entry.Called called = call.called();
    ToolSession session = tools.session(called.function());
    if (session == null) {
      gone(called);
      return;
    }
    ToolCall begun = toolCall(call, call.attempts() + 1);
    if (!allowed) {
      notRun(
          session,
          called,
          begun,
          "The call was not run: the response has made all its tool calls.");
    } else if (interrupted(call) && !session.repeatable(begun)) {
      notRun(
          session,
          called,
          begun,
          "The call was interrupted when the server stopped. It may have run; it was not run"
              + " again.");
    } else {
      log.append(List.of(), new Entry.Started(called.itemId(), begun.attempt()));
      log.flush();
      finish(called, begun, limited(session, begun));
    }
  }

  /** Whether a run before this one has begun it and did not come to its end. */
  private static boolean interrupted(ServerCall call) {
    return call.attempts() > 0 && call.waiting() == null;
  }

  private ToolCall toolCall(ServerCall call, int attempt) {
    Entry.Called called = call.called();
    Entry.Waiting waiting = call.waiting();
    ToolCall.Wake wake =
        waiting == null
            ? null
            : new ToolCall.Wake(
                waiting.state(), call.woken() == null ? null : call.woken().message());
    return new ToolCall(
        called.itemId(),
        called.outputIndex(),
        called.callId(),
        tools.own(called.function()),
        called.arguments(),
        attempt,
        wake);
  }

  private ToolOutcome limited(ToolSession session, ToolCall call) throws InterruptedException {
    long began = System.nanoTime();
    try (TimeLimit limit = TimeLimit.of(limits.callTime())) {
      try {
        ToolOutcome outcome = session.run(call, log::append);
        LOG.info(
            "{}: {} {} took {} ms",
            log.id(),
            call.function(),
            call.callId(),
            (System.nanoTime() - began) / 1_000_000);
        return outcome;
      } catch (InterruptedException e) {
        if (limit.isOver()) {
          return failed(
              session,
              call,
              "The call was stopped after " + limits.callTime().toSeconds() + " seconds.");
        }
        throw e;
      }
    } catch (RuntimeException e) {
      Complaints.error(LOG, "tool", log.id() + ": " + call.function() + " failed", e);
      return failed(session, call, "The tool failed.");
    } finally {
      report.call(call.function(), System.nanoTime() - began);
    }
  }

  private void finish(Entry.Called called, ToolCall call, ToolOutcome outcome)
      throws InterruptedException {
    switch (outcome) {
      case ToolOutcome.Done done ->
          answer(called, done.events(), done.item(), bounded(done.output()), done.more());
      case ToolOutcome.AsksClient(Item item) ->
          log.append(
              List.of(seq -> new OutputItemEvent.Done(seq, call.outputIndex(), item)),
              new Entry.Asked(call.itemId()));
      case ToolOutcome.Waits waits ->
          log.append(
              waits.events(),
              new Entry.Waiting(
                  call.itemId(),
                  waits.until().toEpochMilli(),
                  waits.state(),
                  waits.hears() ? null : true));
    }
  }

  private static ToolOutcome failed(ToolSession session, ToolCall call, String reason) {
    return ToolOutcome.Done.of(session.notRun(call, reason), List.of(), reason);
  }

  private void notRun(ToolSession session, Entry.Called called, ToolCall call, String reason)
      throws InterruptedException {
    answer(called, List.of(), session.notRun(call, reason), new ToolOutput.Text(reason), List.of());
  }

  /** Its tool is not served any more: the configuration has changed since the call was made. */
  private void gone(Entry.Called called) throws InterruptedException {
    String reason = "The tool is no longer available; the call was not run.";
    log.closeItem(
        called.outputIndex(), ItemStatus.INCOMPLETE, answered(called, new ToolOutput.Text(reason)));
  }

  private void answer(
      Entry.Called called,
      List<NextEvent> events,
      Item item,
      ToolOutput output,
      List<ToolOutcome.More> more)
      throws InterruptedException {
    List<NextEvent> all = new ArrayList<>(events);
    all.add(seq -> new OutputItemEvent.Done(seq, called.outputIndex(), item));
    log.append(next -> following(all, more, next), answered(called, output));
  }

  /** Items behind the others, from this place on. */
  private List<NextEvent> following(
      List<NextEvent> events, List<ToolOutcome.More> more, int place) {
    List<NextEvent> all = new ArrayList<>(events);
    int index = place;
    for (ToolOutcome.More one : more) {
      int at = index++;
      Item item = one.item().apply(Ids.outputItem(one.prefix(), log.id().value(), at));
      all.add(seq -> new OutputItemEvent.Added(seq, at, item.withStatus(ItemStatus.IN_PROGRESS)));
      all.add(seq -> new OutputItemEvent.Done(seq, at, item));
    }
    return all;
  }

  /** The model sees the call by the name that it has called it by. */
  private static Entry.Answered answered(Entry.Called called, ToolOutput output) {
    String id = called.callId();
    String arguments = object(called.arguments());
    return new Entry.Answered(
        called.itemId(),
        List.of(
            new FunctionCall(
                null, id, called.function(), arguments, ItemStatus.COMPLETED, Map.of()),
            new FunctionCallOutput(null, id, output, ItemStatus.COMPLETED, Map.of())));
  }

  /** Engines read the arguments of calls that they are told of, and fail where they are no JSON. */
  private static String object(String arguments) {
    try {
      return Json.tree(arguments.getBytes(StandardCharsets.UTF_8)).isObject() ? arguments : "{}";
    } catch (InvalidJson _) {
      return "{}";
    }
  }

  private ToolOutput bounded(ToolOutput output) {
    return output instanceof ToolOutput.Text(@Nullable String text)
            && text.length() > limits.outputChars()
        ? new ToolOutput.Text(
            text.substring(0, limits.outputChars())
                + "\n[cut off: "
                + (text.length() - limits.outputChars())
                + " more characters]")
        : output;
  }
}
