package antiphon.server.settings;

import antiphon.core.store.Redacted;

/**
 * Something in the settings that cannot stand.
 *
 * @param line from 1; 0 where it is not in the file
 * @param column from 1; 0 where it is not in the file
 * @param message names the key and says what is allowed; secrets of addresses in it are masked
 */
public record Mistake(int line, int column, String message) implements Comparable<Mistake> {

  public Mistake {
    message = Redacted.of(message);
  }

  @Override
  public int compareTo(Mistake other) {
    return line == other.line
        ? Integer.compare(column, other.column)
        : Integer.compare(line, other.line);
  }

  /** The message behind its place. */
  @Override
  public String toString() {
    return line == 0 ? message : "line " + line + ", column " + column + ": " + message;
  }
}
