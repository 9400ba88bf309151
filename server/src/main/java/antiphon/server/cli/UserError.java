package antiphon.server.cli;

/** Something that the person at the keyboard can mend; told in one line. */
public final class UserError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UserError(String message) {
    super(message);
  }
}
