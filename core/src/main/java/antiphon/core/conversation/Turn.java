package antiphon.core.conversation;

import antiphon.core.store.Keyed;

/** What became of a response that is to write to a conversation. */
public sealed interface Turn {

  /** It is written: a foreground one has its turn, a background one has its place in the line. */
  record Taken() implements Turn {}

  /** Nothing was written: the Idempotency-Key has been used before. */
  record Before(Keyed keyed) implements Turn {}

  /**
   * Nothing was written: another has its turn, or too many wait.
   *
   * @param response the id of the one that is first in the line
   */
  record Busy(String response) implements Turn {}

  /** Nothing was written: the conversation is not what it was when its items were read. */
  record Changed() implements Turn {}

  /** Nothing was written: there is no such conversation of this owner. */
  record Gone() implements Turn {}
}
