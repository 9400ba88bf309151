package antiphon.core.create;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;

/** How large a conversation may still become. */
final class Room {

  private final long limit;
  private long left;

  /**
   * @param limit bytes of JSON
   */
  Room(long limit) {
    this.limit = limit;
    this.left = limit;
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
