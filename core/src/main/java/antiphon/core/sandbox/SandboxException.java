package antiphon.core.sandbox;

/** Something cannot be done with a sandbox. */
public final class SandboxException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What is the matter. */
  public enum Kind {
    /** There cannot be one here, or not now. */
    UNAVAILABLE,
    /** It has ended, with all that was in it. */
    ENDED,
    /** A file is not there, or there is no room for it. The sandbox is as well as before. */
    FILE
  }

  private final Kind kind;

  /**
   * @param message for people; holds nothing of the host
   */
  public SandboxException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
