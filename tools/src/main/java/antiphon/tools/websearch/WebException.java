package antiphon.tools.websearch;

/** A search or a page that did not come; the message is the model's to see. */
final class WebException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean passing;

  WebException(String message) {
    this(message, false);
  }

  /**
   * @param passing whether it may well come another time
   */
  WebException(String message, boolean passing) {
    super(message);
    this.passing = passing;
  }

  boolean passing() {
    return passing;
  }
}
