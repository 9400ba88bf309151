package antiphon.engines.embedded.decode;

/** A prompt leaves no room for an answer in the context. */
public final class PromptTooLongException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int promptTokens;
  private final int contextLength;

  /**
   * @param promptTokens how many tokens were counted
   * @param counted whether that is all of them; the rest of a far too long input is not counted
   * @param contextLength how many fit
   */
  public PromptTooLongException(int promptTokens, boolean counted, int contextLength) {
    super(
        (counted ? "The input has " : "The input has more than ")
            + promptTokens
            + " tokens, but the model's context holds "
            + contextLength
            + ", of which at least one must be left for the output.");
    this.promptTokens = promptTokens;
    this.contextLength = contextLength;
  }

  public int promptTokens() {
    return promptTokens;
  }

  public int contextLength() {
    return contextLength;
  }
}
