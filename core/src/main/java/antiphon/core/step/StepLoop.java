package antiphon.core.step;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.engine.EngineException;
import antiphon.core.health.Complaints;
import antiphon.core.log.LiveLog;
import antiphon.core.queue.Admission;
import antiphon.core.response.Problem;
import antiphon.core.response.Transition;
import antiphon.core.store.StoreException;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolException;
import antiphon.core.trace.TraceScope;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a response from where its log stands to its end, or until it waits. Knows nothing of who may
 * cancel it.
 */
public final class StepLoop {

  private static final Logger LOG = LoggerFactory.getLogger(StepLoop.class);

  private final ReasoningSeal seal;
  private final ServerTools tools;
  private final InstantSource clock;
  private final Parking parking;
  private final RunListener listener;

  /**
   * @param seal for reasoning that clients keep
   * @param tools that this server runs
   * @param clock the store's
   * @param parking takes responses that wait
   * @param listener hears of the runs
   */
  public StepLoop(
      ReasoningSeal seal,
      ServerTools tools,
      InstantSource clock,
      Parking parking,
      RunListener listener) {
    this.seal = seal;
    this.tools = tools;
    this.clock = clock;
    this.parking = parking;
    this.listener = listener;
  }

  /** Where background responses go that wait: nobody runs them until they are claimed again. */
  @FunctionalInterface
  public interface Parking {

    /**
     * Lets go of a run.
     *
     * @param until milliseconds since 1970, by the store's clock
     */
    void park(LiveLog log, long until);
  }

  /**
   * Runs on the calling thread until the response has ended, here or elsewhere, or waits.
   *
   * @param place the run's place among those that may run; waited for and given back
   */
  public void run(Run run, Admission.Ticket place) {
    TraceScope.run(run.trace(), () -> runInTrace(run, place));
  }

  private void runInTrace(Run run, Admission.Ticket place) {
    LiveLog log = run.log();
    RunReport report = null;
    boolean parked = false;
    try (place) {
      if (log.attach()) {
        place.await();
        report = new RunReport(listener, run);
        report.began();
        parked = steps(run, place, report);
      }
    } catch (InterruptedException _) {
      // Whoever interrupted has ended the response or will: its log refuses us from now on.
      LOG.debug("{} was stopped", log.id());
    } catch (EngineException e) {
      complain(log, e.problem());
      fail(log, e.problem());
    } catch (ToolException e) {
      Complaints.warn(LOG, "tools", log.id() + ": " + e.getMessage());
      fail(log, e.problem());
    } catch (StoreException e) {
      Complaints.warn(LOG, "store", log.id() + " stops: " + e.getMessage());
    } catch (RuntimeException | Error e) {
      Complaints.error(LOG, "fault", log.id() + " failed", e);
      fail(log, new Problem.Internal("The server failed while running this response."));
    } finally {
      log.detach();
      if (report != null) {
        report.ended(parked);
      }
    }
  }

  /** All steps there are; whether the response waits now. */
  private boolean steps(Run run, Admission.Ticket place, RunReport report)
      throws InterruptedException, EngineException, ToolException {
    // Tools are closed when nobody waits for them any more.
    try (OpenTools open = OpenTools.of(tools, run)) {
      return switch (new RunSteps(run, place, seal, open, clock, report).run()) {
        case RunSteps.Result.Ended(Transition transition) -> {
          var _ = run.log().end(transition);
          yield false;
        }
        case RunSteps.Result.Parked(long until) -> {
          parking.park(run.log(), until);
          yield true;
        }
      };
    }
  }

  /** What the engine is to blame for: its sink hears of it, once a minute for each engine. */
  private static void complain(LiveLog log, Problem problem) {
    if (problem instanceof Problem.Engine engine) {
      Complaints.warn(
          LOG, log.provider() + " " + engine.kind(), log.id() + ": " + engine.message());
    }
  }

  /** Ends a response as failed, if nothing else has ended it. */
  public void fail(LiveLog log, Problem problem) {
    try {
      log.end(new Transition.Fail(problem));
    } catch (StoreException e) {
      Complaints.warn(
          LOG, "end", "the failure of " + log.id() + " could not be written: " + e.getMessage());
    }
  }
}
