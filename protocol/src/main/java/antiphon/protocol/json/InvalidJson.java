package antiphon.protocol.json;

/** What was read is not what the wire format says. */
public abstract sealed class InvalidJson extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String text;

  private InvalidJson(String message) {
    // No stack trace: the fault is in what was read, and it is read often.
    super(message, null, false, false);
    this.text = message;
  }

  /** For the one who sent it. */
  @Override
  public String getMessage() {
    return text;
  }

  /** It is no JSON at all. */
  public static final class Syntax extends InvalidJson {
    private static final long serialVersionUID = 1L;
    private final int line;
    private final int column;

    /**
     * @param line from 1
     * @param column from 1
     */
    public Syntax(String message, int line, int column) {
      super(message);
      this.line = line;
      this.column = column;
    }

    public int line() {
      return line;
    }

    public int column() {
      return column;
    }
  }

  /** A field is missing, or is not what it should be. */
  public static final class Field extends InvalidJson {
    private static final long serialVersionUID = 1L;
    private final String param;

    /**
     * @param param the field's path, e.g. {@code input[0].role}; empty for the whole body
     */
    public Field(String param, String message) {
      super(message);
      this.param = param;
    }

    public String param() {
      return param;
    }
  }
}
