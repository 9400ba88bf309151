package antiphon.core.step;

import antiphon.core.log.LiveLog;
import antiphon.protocol.response.Usage;

/**
 * What a response has used while a turn of its model is under way.
 *
 * @param before in the turns that have ended
 * @param half in this turn, by a run before this one, until it broke off
 * @param estimatedInput input tokens to assume until the engine tells its own count
 */
record TurnUsage(Usage before, Usage half, int estimatedInput) {

  static TurnUsage of(LiveLog log, int estimatedInput) {
    Usage before = log.progress().atTurnEnd();
    return new TurnUsage(before, log.usage().minus(before), estimatedInput);
  }

  /** In all, with what the engine tells of the turn. */
  Usage with(Usage turn) {
    return before.plus(half.begunAgain(turn));
  }
}
