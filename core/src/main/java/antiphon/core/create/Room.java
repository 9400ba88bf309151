package antiphon.core.create;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;

/** How large a conversation may still become, and whether it has its turn to be large. */
final class Room implements AutoCloseable {

  private final long limit;
  private final LargeOnes.Wait wait;
  private final LargeOnes largeOnes;
  private long left;
  private boolean entered;

  /**
   * @param limit bytes of JSON
   * @param wait how it waits for its turn
   */
  Room(long limit, LargeOnes largeOnes, LargeOnes.Wait wait) {
    this.limit = limit;
    this.left = limit;
    this.largeOnes = largeOnes;
    this.wait = wait;
  }

  /** How many bytes are left. */
  long left() {
    return left;
  }

  /**
   * Takes some of it.
   *
   * @param param the field that asks for them
   * @throws Rejected if there are not as many
   */
  void take(String param, long bytes) {
    if (bytes > left) {
      throw tooLarge(param);
    }
    left -= bytes;
  }

  /**
   * Much is going to be read; waits for a turn, once.
   *
   * @throws Rejected if too many wait for theirs
   */
  void enter() throws InterruptedException {
    if (!entered) {
      largeOnes.enter(wait);
      entered = true;
    }
  }

  /** The conversation is there, or will not be. */
  @Override
  public void close() {
    if (entered) {
      entered = false;
      largeOnes.leave();
    }
  }

  /** The refusal of what this field asks for. */
  Rejected tooLarge(String param) {
    return new Rejected(
        new Problem.Invalid(
            "The conversation is larger than the "
                + limit
                + " bytes that one may have, with the responses before it and those whose items it"
                + " refers to. Begin a new one, with what matters of this one as its input.",
            param,
            "conversation_too_large"));
  }
}
