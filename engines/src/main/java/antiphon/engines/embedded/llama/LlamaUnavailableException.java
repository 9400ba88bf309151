package antiphon.engines.embedded.llama;

/** The native library cannot be used on this machine; the message says what to do about it. */
public final class LlamaUnavailableException extends Exception {

  private static final long serialVersionUID = 1L;

  public LlamaUnavailableException(String message) {
    super(message);
  }

  public LlamaUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
