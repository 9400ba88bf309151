package antiphon.engines.embedded;

/** The embedded engine cannot start; the message is for whoever runs the server. */
public final class EmbeddedEngineException extends Exception {

  private static final long serialVersionUID = 1L;

  public EmbeddedEngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
