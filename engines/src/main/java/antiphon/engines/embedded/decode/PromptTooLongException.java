package antiphon.engines.embedded.decode;

/** A prompt leaves no room for an answer in the context. */
public final class PromptTooLongException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int promptTokens;
  private final int contextLength;

  public PromptTooLongException(int promptTokens, int contextLength) {
    super(
        "The input has "
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
