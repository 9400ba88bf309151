package antiphon.core.step;

import antiphon.core.engine.Route;
import antiphon.core.engine.TurnResult;
import antiphon.core.health.Complaints;
import antiphon.core.log.LiveLog;
import antiphon.core.log.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener of one run; what it throws goes no further. */
final class RunReport {

  private static final Logger LOG = LoggerFactory.getLogger(RunReport.class);

  private final RunListener listener;
  private final LiveLog log;
  private final boolean deaf;
  private final RunListener.Begun run;
  private final long since = System.nanoTime();

  RunReport(RunListener listener, Run run) {
    this.listener = listener;
    this.deaf = listener.equals(RunListener.NONE);
    this.log = run.log();
    this.run =
        new RunListener.Begun(log.id(), log.epoch(), log.durable(), run.plan().name(), run.trace());
  }

  void began() {
    tell(() -> listener.began(run));
  }

  /**
   * A turn is over.
   *
   * @param result null if it broke off
   * @param begun when it began, by {@link System#nanoTime}
   */
  void turn(Route route, @Nullable TurnResult result, long begun) {
    long nanos = System.nanoTime() - begun;
    tell(() ->
        listener.turnEnded(
            run,
            new RunListener.ModelTurned(
                route.engine().name(), route.model(), result == null ? null : result.usage()),
            nanos));
  }

  void call(String function, long nanos) {
    tell(() -> listener.callEnded(run, function, nanos));
  }

  /** The run is over; waits for an end that is under way. */
  void ended(boolean parked) {
    if (deaf) {
      return;
    }
    log.awaitSettled();
    RunListener.End end =
        switch (log.outcome()) {
          case Outcome.Ended ended -> new RunListener.End.Ended(ended.status(), log.usage());
          case Outcome.Lost _ when parked -> new RunListener.End.Parked();
          case Outcome.Lost _ -> new RunListener.End.Left();
          case null -> new RunListener.End.Left();
        };
    tell(() -> listener.ended(run, end, System.nanoTime() - since));
  }

  private void tell(Runnable what) {
    if (deaf) {
      return;
    }
    try {
      what.run();
    } catch (RuntimeException | Error e) {
      Complaints.error(LOG, "listener", "a listener of runs failed: " + listener, e);
    }
  }
}
