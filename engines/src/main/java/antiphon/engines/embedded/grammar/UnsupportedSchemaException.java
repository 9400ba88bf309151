package antiphon.engines.embedded.grammar;

/** A JSON schema or pattern that text cannot be held to; the message says where and why. */
public final class UnsupportedSchemaException extends Exception {

  private static final long serialVersionUID = 1L;

  public UnsupportedSchemaException(String message) {
    super(message);
  }
}
