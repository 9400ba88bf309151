package antiphon.core.store;

import antiphon.core.health.Outage;

/**
 * The store could not be reached or refused to work. The call may be made again: where it had got
 * through after all, the store recognises it. The message holds no password of an address.
 */
public final class StoreException extends RuntimeException implements Outage {

  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(Redacted.of(message));
  }

  public StoreException(String message, Throwable cause) {
    super(Redacted.of(message), cause);
  }
}
