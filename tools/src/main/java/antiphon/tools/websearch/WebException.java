package antiphon.tools.websearch;

/** A search or a page that did not come; the message is the model's to see. */
final class WebException extends Exception {

  private static final long serialVersionUID = 1L;

  WebException(String message) {
    super(message);
  }
}
