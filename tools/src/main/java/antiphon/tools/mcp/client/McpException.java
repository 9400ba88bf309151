package antiphon.tools.mcp.client;

/** A server could not be talked to, or refused. The message is for the model and its user. */
public final class McpException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Kind {
    /** No connection, or it may not be made. */
    UNREACHABLE,
    /** A status that is no success. */
    STATUS,
    /** The session is over: what was asked has not been done. */
    SESSION_OVER,
    /** What came is not the protocol, or too much of it. */
    NONSENSE,
    /** The connection ended before the answer. */
    BROKEN_OFF,
    /** No answer in time. */
    TIMEOUT,
    /** An error of the protocol's own. */
    ERROR
  }

  private final Kind kind;
  private final int code;

  McpException(Kind kind, String message) {
    this(kind, 0, message);
  }

  /**
   * @param code the status, or the protocol's code of an error; 0 if there is none
   */
  McpException(Kind kind, int code, String message) {
    super(message);
    this.kind = kind;
    this.code = code;
  }

  public Kind kind() {
    return kind;
  }

  /** The status, or the protocol's code of an error; 0 if there is none. */
  public int code() {
    return code;
  }

  /** Never null: it was given one. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
