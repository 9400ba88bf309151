package antiphon.knowledge.pages;

/** Pages cannot be added or removed now; the message says why, for the operator. */
public final class PageException extends Exception {

  private static final long serialVersionUID = 1L;

  PageException(String message) {
    super(message);
  }
}
