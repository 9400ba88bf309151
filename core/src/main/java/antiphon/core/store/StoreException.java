package antiphon.core.store;

/**
 * The store could not be reached or refused to work. The call may be made again: where it had got
 * through after all, the store recognises it.
 */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
