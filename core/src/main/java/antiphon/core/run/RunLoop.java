package antiphon.core.run;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.Route;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.core.health.Complaints;
import antiphon.core.log.Draft.HalfMessage;
import antiphon.core.log.LiveLog;
import antiphon.core.response.Move;
import antiphon.core.response.Problem;
import antiphon.core.store.StoreException;
import antiphon.protocol.item.Item;
import antiphon.protocol.response.Usage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a response from its first engine turn to its end. Knows nothing of who may cancel it. */
final class RunLoop {

  private static final Logger LOG = LoggerFactory.getLogger(RunLoop.class);

  private final ReasoningSeal seal;

  /**
   * @param seal for reasoning that clients keep
   */
  RunLoop(ReasoningSeal seal) {
    this.seal = seal;
  }

  /**
   * Runs on the calling thread until the response has ended, here or elsewhere.
   *
   * @param place the run's place among those that may run; waited for and given back
   */
  void run(Run run, Admission.Ticket place) {
    LiveLog log = run.log();
    try (place) {
      if (log.attach()) {
        place.await();
        log.end(turns(run, place));
      }
    } catch (InterruptedException _) {
      // Whoever interrupted has ended the response or will: its log refuses us from now on.
      LOG.debug("{} was stopped", log.id());
    } catch (EngineException e) {
      complain(log, e.problem());
      fail(log, e.problem());
    } catch (StoreException e) {
      Complaints.warn(LOG, "store", log.id() + " stops: " + e.getMessage());
    } catch (RuntimeException | Error e) {
      Complaints.error(LOG, "fault", log.id() + " failed", e);
      fail(log, new Problem.Internal("The server failed while running this response."));
    } finally {
      log.detach();
    }
  }

  /** What the engine is to blame for: its keeper hears of it, once a minute for each engine. */
  private static void complain(LiveLog log, Problem problem) {
    if (problem instanceof Problem.Engine engine) {
      Complaints.warn(
          LOG, log.provider() + " " + engine.kind(), log.id() + ": " + engine.message());
    }
  }

  /** Ends a response as failed, if nothing else has ended it. */
  void fail(LiveLog log, Problem problem) {
    try {
      log.end(new Move.Fail(problem));
    } catch (StoreException e) {
      Complaints.warn(
          LOG, "end", "the failure of " + log.id() + " could not be written: " + e.getMessage());
    }
  }

  private Move turns(Run run, Admission.Ticket place) throws InterruptedException, EngineException {
    LiveLog log = run.log();
    log.running();
    Serving serving = new Serving(run, place);
    serving.resume();
    TurnWriter writer =
        new TurnWriter(
            log,
            log.usage(),
            run.estimatedInput(),
            Sealing.of(seal, log.id().owner(), run.request()));
    Turn turn = nextTurn(run, serving, writer);
    Usage before = log.usage();
    Long most = turn.continuation() == null ? null : run.request().maxOutputTokens();
    if (most != null && most <= before.outputTokens()) {
      return new Move.Curtail("max_output_tokens");
    }
    // What goes on has said a part of what it may say.
    Turn rest = most == null ? turn : turn.limited(most - before.outputTokens());
    TurnResult result = serving.generate(rest, writer);
    log.used(before.begunAgain(result.usage()));
    return switch (result.reason()) {
      case STOP -> {
        writer.finish();
        yield new Move.Complete();
      }
      case LENGTH -> new Move.Curtail("max_output_tokens");
      case CONTENT_FILTER -> new Move.Curtail("content_filter");
    };
  }

  /**
   * The turn from where the log stands. What a run before this one left half-done goes on as the
   * same item where the engine can continue it; else it is closed, and made again as a new item.
   */
  private static Turn nextTurn(Run run, Serving serving, TurnWriter writer)
      throws InterruptedException {
    LiveLog log = run.log();
    HalfMessage half = log.halfMessage();
    String continuation = null;
    if (half != null && serving.continuesMessages()) {
      writer.resume(half.outputIndex());
      continuation = half.text();
    } else {
      log.abandonOpenItems();
    }
    return turn(run, serving.route(), log.finished(), continuation);
  }

  private static Turn turn(
      Run run, Route route, List<Item> finished, @Nullable String continuation) {
    List<Item> items = new ArrayList<>(run.conversation());
    items.addAll(finished);
    return new Turn(run.request(), route.model(), items, continuation);
  }
}
