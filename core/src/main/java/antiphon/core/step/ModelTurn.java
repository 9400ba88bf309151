package antiphon.core.step;

import antiphon.core.call.Entry;
import antiphon.core.create.CompactedHistory;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.Route;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.core.log.LiveLog;
import antiphon.core.log.ResponseState.HalfMessage;
import antiphon.core.response.Transition;
import antiphon.protocol.item.Item;
import antiphon.protocol.request.CreateResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The step in which the model goes on: one call of the engine, written into the log. */
final class ModelTurn {

  private static final String NO_TOKENS_LEFT = "max_output_tokens";

  private final Run run;
  private final LiveLog log;
  private final RouteFailover failover;
  private final OpenTools tools;
  private final Sealing sealing;
  private final CompactStep compact;

  ModelTurn(
      Run run, RouteFailover failover, OpenTools tools, Sealing sealing, CompactStep compact) {
    this.run = run;
    this.log = run.log();
    this.failover = failover;
    this.tools = tools;
    this.sealing = sealing;
    this.compact = compact;
  }

  /**
   * Runs it.
   *
   * @param half the message that it goes on with; null to begin a new one
   * @param mayCall whether there are calls of server-run tools left
   * @return how the response ends with it; empty if it has called tools that are to be run
   */
  Optional<Transition> run(@Nullable HalfMessage half, boolean mayCall)
      throws InterruptedException, EngineException {
    Turn turn = turn(half == null ? null : half.text(), mayCall);
    if (compact.before(turn)) {
      turn = turn(null, mayCall);
    }
    TurnUsage usage = TurnUsage.of(log, run.estimatedInput());
    TurnWriter writer = new TurnWriter(log, usage, sealing, tools);
    if (half != null) {
      writer.resume(half.outputIndex());
    }
    Long most = run.request().maxOutputTokens();
    long said = half == null ? usage.before().outputTokens() : log.usage().outputTokens();
    said -= log.progress().summaryTokens();
    if (most != null && most <= said && said > 0) {
      return Optional.of(new Transition.Curtail(NO_TOKENS_LEFT));
    }
    // What goes on has said a part of what it may say.
    Turn rest = most == null || said == 0 ? turn : turn.limited(most - said);
    TurnResult result = failover.generate(rest, writer);
    log.used(usage.with(result.usage()));
    return switch (result.reason()) {
      case STOP -> stopped(writer);
      case LENGTH -> Optional.of(new Transition.Curtail(NO_TOKENS_LEFT));
      case CONTENT_FILTER -> Optional.of(new Transition.Curtail("content_filter"));
    };
  }

  private Optional<Transition> stopped(TurnWriter writer) throws InterruptedException {
    writer.finish();
    if (writer.serverCalls() == 0) {
      return Optional.of(new Transition.Complete());
    }
    log.append(List.of(), new Entry.TurnEnded(writer.calledTools(), log.usage()));
    return Optional.empty();
  }

  private Turn turn(@Nullable String continuation, boolean mayCall) {
    List<Item> items = new ArrayList<>(run.conversation());
    items.addAll(log.told());
    items = CompactedHistory.seen(sealing.seal(), sealing.owner(), items);
    boolean first = log.progress().calls().isEmpty();
    CreateResponse request = tools.request(run.request(), first, mayCall);
    Route route = failover.route();
    List<Item> told = tools.told(items, route.engine());
    tools.shown(told);
    return new Turn(request, route.model(), told, continuation);
  }
}
