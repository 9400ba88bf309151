package antiphon.core.step;

import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.Listening;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Plan;
import antiphon.core.engine.Route;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.core.health.Complaints;
import antiphon.core.log.LiveLog;
import antiphon.core.queue.Admission;
import antiphon.core.queue.Rank;
import antiphon.core.response.Problem;
import antiphon.protocol.response.ServiceTier;
import antiphon.protocol.response.Truncation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who serves a run. While nothing has been put out, the plan's next route is tried when one fails;
 * from the first output on the run stays where it is, in later turns and after a crash too.
 */
final class RouteFailover {

  private static final Logger LOG = LoggerFactory.getLogger(RouteFailover.class);

  private final LiveLog log;
  private final Plan plan;
  private final ServiceTier tier;
  private final Admission.Ticket place;
  private final RunReport report;
  private int at;

  /** Whether something has been put out: then the run stays where it is. */
  private boolean bound;

  /**
   * @param place the run's place for the plan's first engine; moved along
   */
  RouteFailover(Run run, Admission.Ticket place, RunReport report) {
    this.log = run.log();
    this.plan = run.plan();
    this.tier = run.tier();
    this.place = place;
    this.report = report;
  }

  /** Goes on where a run before this one has put something out. */
  void resume() throws InterruptedException {
    if (log.nextOutputIndex() == 0) {
      tell();
      return;
    }
    bound = true;
    for (int i = 0; i < plan.routes().size(); i++) {
      if (plan.routes().get(i).leadsTo(log.provider(), log.servingModel())) {
        go(i);
        return;
      }
    }
    tell();
  }

  Route route() {
    return plan.routes().get(at);
  }

  /** Whether the engine goes on with half a message. */
  boolean continuesMessages() {
    return route().engine().continuesMessages();
  }

  /**
   * Runs one turn.
   *
   * @param turn for whatever model; the route's own is put in
   * @throws EngineException the problem of the last engine that was tried
   */
  TurnResult generate(Turn turn, PieceSink sink) throws EngineException, InterruptedException {
    while (true) {
      Listening listening = new Listening(sink);
      try {
        TurnResult result = fitting(turn.on(route().model()), listening);
        log.servedAs(result.model());
        bound = true;
        return result;
      } catch (EngineException e) {
        int next = listening.spoken() || bound ? -1 : next(turn, e.problem());
        if (next < 0) {
          throw e;
        }
        Complaints.warn(
            LOG,
            "next " + log.provider(),
            log.id() + ": " + e.getMessage() + "; trying the next model");
        go(next);
      }
    }
  }

  /** Leaves out the oldest turns as long as the engine finds the input too long. */
  private TurnResult fitting(Turn turn, Listening sink)
      throws EngineException, InterruptedException {
    Engine engine = route().engine();
    Turn tried = turn;
    while (true) {
      try {
        return generate(engine, tried, sink);
      } catch (EngineException e) {
        boolean mayShorten =
            !sink.spoken()
                && tooLong(e.problem())
                && turn.request().truncation() != Truncation.DISABLED;
        Turn shorter = mayShorten ? Shortening.shorter(tried, route()) : null;
        if (shorter == null) {
          throw e;
        }
        tried = shorter;
      }
    }
  }

  private TurnResult generate(Engine engine, Turn turn, Listening sink)
      throws EngineException, InterruptedException {
    long begun = System.nanoTime();
    TurnResult result = null;
    try {
      result = engine.generate(turn, sink);
      return result;
    } finally {
      report.turn(route(), result, begun);
    }
  }

  /** The next route that may serve in place of this one; below 0 if there is none. */
  private int next(Turn turn, Problem problem) {
    if (!another(problem)) {
      return -1;
    }
    for (int i = at + 1; i < plan.routes().size(); i++) {
      if (plan.routes().get(i).refuses(turn).isEmpty()) {
        return i;
      }
    }
    return -1;
  }

  /** Whether another model could do better; what the request itself did wrong stays wrong. */
  private static boolean another(Problem problem) {
    return switch (problem) {
      case Problem.Engine _, Problem.Overloaded _, Problem.Unavailable _ -> true;
      case Problem.Invalid invalid -> tooLong(problem) || "model_not_found".equals(invalid.code());
      case Problem.Forbidden _,
          Problem.NotFound _,
          Problem.Conflict _,
          Problem.Gone _,
          Problem.Internal _ ->
          false;
    };
  }

  private static boolean tooLong(@Nullable Problem problem) {
    return problem instanceof Problem.Invalid invalid
        && "context_length_exceeded".equals(invalid.code());
  }

  /** Gets in line again after the places were given back, and waits for them. */
  void comeBack() throws InterruptedException {
    if (place.isPaused()) {
      getInLine();
    }
  }

  private void getInLine() throws InterruptedException {
    place.move(log.id().owner().tenant(), route().engine().name(), Rank.of(tier));
    place.await();
  }

  private void go(int index) throws InterruptedException {
    boolean elsewhere = !route().engine().name().equals(plan.routes().get(index).engine().name());
    at = index;
    if (elsewhere) {
      getInLine();
    }
    tell();
  }

  private void tell() throws InterruptedException {
    log.servedBy(route().model(), route().engine().name());
  }
}
