package antiphon.core.run;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.Route;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
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
      fail(log, e.problem());
    } catch (StoreException e) {
      LOG.warn("{} stops: {}", log.id(), e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.error("{} failed", log.id(), e);
      fail(log, new Problem.Internal("The server failed while running this response."));
    } finally {
      log.detach();
    }
  }

  /** Ends a response as failed, if nothing else has ended it. */
  void fail(LiveLog log, Problem problem) {
    try {
      log.end(new Move.Fail(problem));
    } catch (StoreException e) {
      LOG.warn("the failure of {} could not be written: {}", log.id(), e.getMessage());
    }
  }

  private static Move turns(Run run, Admission.Ticket place)
      throws InterruptedException, EngineException {
    LiveLog log = run.log();
    log.running();
    Serving serving = new Serving(run, place);
    serving.resume();
    TurnWriter writer = new TurnWriter(log, log.usage(), run.estimatedInput());
    Turn turn = nextTurn(run, serving, writer);
    Usage before = log.usage();
    TurnResult result = serving.generate(turn, writer);
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
