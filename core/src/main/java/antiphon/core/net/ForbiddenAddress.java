package antiphon.core.net;

import java.net.UnknownHostException;

/** A connection that the {@link AddressGuard} does not let through. Its message is for anybody. */
public final class ForbiddenAddress extends UnknownHostException {

  private static final long serialVersionUID = 1L;

  ForbiddenAddress(String message) {
    super(message);
  }

  /** Never null: it was given one. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
