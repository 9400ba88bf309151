package antiphon.core.step;

import antiphon.core.call.Entry;
import antiphon.core.call.Progress;
import antiphon.core.create.ReasoningSeal;
import antiphon.core.engine.EngineException;
import antiphon.core.log.LiveLog;
import antiphon.core.log.ResponseState.HalfMessage;
import antiphon.core.queue.Admission;
import antiphon.core.response.Transition;
import antiphon.core.tool.ToolException;
import antiphon.core.tool.ToolSession;
import antiphon.core.tool.ToolSession.DueCall;
import antiphon.protocol.item.Item;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The steps of one run, one after another as the log asks for them. */
final class RunSteps {

  /** How a run comes to an end. */
  sealed interface Result {

    /** With the response. */
    record Ended(Transition transition) implements Result {}

    /** The response waits until then, in milliseconds since 1970. */
    record Parked(long until) implements Result {}
  }

  /** Why a response is incomplete that another one goes on with. */
  private static final String STEERED = "steered";

  private final Run run;
  private final LiveLog log;
  private final Admission.Ticket place;
  private final OpenTools tools;
  private final InstantSource clock;
  private final RunReport report;
  private final RouteFailover failover;
  private final Sealing sealing;
  private final CompactStep compact;

  RunSteps(
      Run run,
      Admission.Ticket place,
      ReasoningSeal seal,
      OpenTools tools,
      InstantSource clock,
      RunReport report) {
    this.run = run;
    this.log = run.log();
    this.place = place;
    this.tools = tools;
    this.clock = clock;
    this.report = report;
    this.failover = new RouteFailover(run, place, report);
    this.sealing = Sealing.of(seal, log.id().owner(), run.request());
    this.compact = new CompactStep(run, failover, sealing);
  }

  Result run() throws InterruptedException, EngineException, ToolException {
    log.running();
    failover.resume();
    Optional<HalfMessage> half = half();
    if (half.isEmpty()) {
      // What a run before this one left half-done is made again as a new item.
      log.abandonOpenItems();
    }
    beginDueCalls();
    return steps(half);
  }

  /** The message that goes on as the same item, where the engine can continue it. */
  private Optional<HalfMessage> half() throws InterruptedException {
    HalfMessage half = log.halfMessage();
    return half != null && tools.isEmpty() && failover.continuesMessages()
        ? Optional.of(half)
        : Optional.empty();
  }

  private Result steps(Optional<HalfMessage> first)
      throws InterruptedException, EngineException, ToolException {
    CallsStep calls = new CallsStep(run, tools, report);
    Optional<HalfMessage> half = first;
    while (true) {
      switch (Step.after(log.progress(), compact.isAsked(), clock.millis())) {
        case Step.End(Transition transition) -> {
          return new Result.Ended(transition);
        }
        case Step.Compact _ -> compact.run();
        case Step.ModelTurn _ -> {
          if (log.steered() && log.progress().betweenTurns()) {
            return new Result.Ended(new Transition.Curtail(STEERED));
          }
          Optional<Transition> end = modelTurn(calls, half);
          if (end.isPresent()) {
            return new Result.Ended(end.get());
          }
          half = Optional.empty();
        }
        case Step.RunCalls(var ready) -> {
          makeReady();
          place.pause();
          calls.run(ready);
        }
        case Step.Wait(String itemId, long until) -> {
          log.flush();
          place.pause();
          if (log.durable()) {
            return new Result.Parked(until);
          }
          log.awaitWake(itemId, Duration.ofMillis(Math.max(1, until - clock.millis())));
        }
      }
    }
  }

  private Optional<Transition> modelTurn(CallsStep calls, Optional<HalfMessage> half)
      throws InterruptedException, EngineException, ToolException {
    if (!tools.isEmpty()) {
      prepare();
      // The model must not see what is not durable: another run might see something else.
      log.flush();
      failover.comeBack();
    }
    return new ModelTurn(run, failover, tools, sealing, compact)
        .run(half.orElse(null), calls.mayCall());
  }

  private void makeReady() throws InterruptedException, ToolException {
    if (!tools.isReady()) {
      prepare();
    }
  }

  private void prepare() throws InterruptedException, ToolException {
    List<Item> conversation = conversation();
    tools.prepare(conversation, new LogOutput(log));
    // What a session has written is no search: the conversation before it says what is loaded.
    tools.offer(run.request(), conversation);
  }

  private List<Item> conversation() {
    List<Item> items = new ArrayList<>(run.conversation());
    items.addAll(log.finished());
    return items;
  }

  /** Begins the calls that are due before the model's first turn, each once in a response. */
  private void beginDueCalls() throws InterruptedException, ToolException {
    if (tools.isEmpty()) {
      return;
    }
    Progress progress = log.progress();
    Map<DueCall, ToolSession> due = tools.due(run.conversation());
    Set<String> begun =
        progress.calls().stream().map(call -> call.called().callId()).collect(Collectors.toSet());
    due.keySet().removeIf(call -> begun.contains(call.callId()));
    if (due.isEmpty()) {
      return;
    }
    makeReady();
    ServerCallWriter writer = new ServerCallWriter(log, tools);
    for (var call : due.entrySet()) {
      writer.write(call.getValue(), call.getKey());
    }
    log.append(List.of(), new Entry.TurnEnded(false, progress.atTurnEnd()));
  }
}
