package antiphon.engines.embedded.llama;

/** The native library refused or failed at something; the process goes on. */
public final class LlamaException extends Exception {

  private static final long serialVersionUID = 1L;

  public LlamaException(String message) {
    super(message);
  }
}
