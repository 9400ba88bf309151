package antiphon.core.engine;

import antiphon.protocol.response.Usage;

/**
 * How a turn ended.
 *
 * @param reason why the model stopped
 * @param usage what the turn used, in the engine's own numbers
 * @param model the model that served it, as the engine names it
 */
public record TurnResult(Reason reason, Usage usage, String model) {

  /** Why the model stopped. */
  public enum Reason {
    /** It was done, or has called tools. */
    STOP,
    /** It reached {@code max_output_tokens} or the end of its context. */
    LENGTH,
    /** The engine's filter stopped it. */
    CONTENT_FILTER
  }
}
