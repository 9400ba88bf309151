package antiphon.server.cli;

import antiphon.core.store.Redacted;

/** Something that the person at the keyboard can mend; told in one line, without secrets. */
public final class UserError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UserError(String message) {
    super(Redacted.of(message));
  }
}
