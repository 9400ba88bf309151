package antiphon.engines.embedded;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The free text of a custom tool, which travels as the only argument of a call: taken out of its
 * JSON while that comes. The grammar has seen to it that nothing else stands there.
 */
final class FreeInput {

  private static final Pattern HEAD =
      Pattern.compile("\\s*\\{\\s*\"" + TurnTools.INPUT + "\"\\s*:\\s*\"");
  private static final int UNICODE_ESCAPE = 6;

  private final StringBuilder held = new StringBuilder();
  private boolean begun;
  private boolean ended;

  /** Takes more of the JSON and gives what it adds to the text. */
  String add(String json) {
    held.append(json);
    if (!begun) {
      Matcher head = HEAD.matcher(held);
      begun = head.lookingAt();
      held.delete(0, begun ? head.end() : 0);
    }
    StringBuilder text = new StringBuilder();
    while (begun && !ended && next(text)) {
      // One letter after the other.
    }
    return text.toString();
  }

  /** Moves one letter over, if it is there whole. */
  private boolean next(StringBuilder text) {
    if (held.isEmpty()) {
      return false;
    }
    char letter = held.charAt(0);
    int length = 1;
    if (letter == '"') {
      ended = true;
      return false;
    }
    if (letter == '\\') {
      length = held.length() > 1 && held.charAt(1) == 'u' ? UNICODE_ESCAPE : 2;
      if (held.length() < length) {
        return false;
      }
      letter = escaped(held.substring(1, length));
    }
    text.append(letter);
    held.delete(0, length);
    return true;
  }

  private static char escaped(String escape) {
    return switch (escape.charAt(0)) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> (char) Integer.parseInt(escape.substring(1), 16);
      default -> escape.charAt(0);
    };
  }
}
