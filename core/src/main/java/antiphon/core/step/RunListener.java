package antiphon.core.step;

import antiphon.core.response.ResponseId;
import antiphon.core.trace.TraceParent;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Hears of what runs on this node, for metrics, traces and the like. A run waits for a listener, so
 * one that takes long slows it down; what it throws is told once a minute and does no harm
 * otherwise. Called by many threads; the calls of one run may end at the same time.
 *
 * <p>A response that ends without having run here, in the queue for example, is not told of.
 */
public interface RunListener {

  /** Hears nothing. */
  RunListener NONE = new RunListener() {};

  /** A run has its place and begins, or goes on with what another run has left. */
  default void began(Begun run) {}

  /**
   * A turn of a model is over.
   *
   * @param nanos how long it took
   */
  default void turnEnded(Begun run, ModelTurned turn, long nanos) {}

  /**
   * A call of a server-run tool is over, or waits.
   *
   * @param function the session's own name of what was called
   * @param nanos how long it took
   */
  default void callEnded(Begun run, String function, long nanos) {}

  /**
   * The run is over.
   *
   * @param nanos since it began
   */
  default void ended(Begun run, End end, long nanos) {}

  /**
   * A run.
   *
   * @param id the response
   * @param epoch how often it has been claimed, this time included
   * @param background whether nobody waits for it
   * @param model the model's public name
   * @param trace that it was made in, or null
   */
  record Begun(
      ResponseId id, long epoch, boolean background, String model, @Nullable TraceParent trace) {}

  /**
   * A turn.
   *
   * @param engine that was asked
   * @param model as the engine knows it
   * @param usage what it used; null if it broke off
   */
  record ModelTurned(String engine, String model, @Nullable Usage usage) {}

  /** How a run came to its end. */
  sealed interface End {

    /** With the response. */
    record Ended(ResponseStatus status, Usage usage) implements End {}

    /** The response waits, and is taken up again when its time has come. */
    record Parked() implements End {}

    /** It ended or goes on elsewhere, or is to be gone on with later. */
    record Left() implements End {}
  }
}
