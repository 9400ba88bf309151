package antiphon.sandbox.tool;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The code of a call while its arguments come in: as much of the text in {@code {"code": "…"}} as
 * is sure. Arguments of another shape give nothing before their end.
 */
final class CodeStream {

  private static final Pattern BEGINNING = Pattern.compile("\\s*\\{\\s*\"code\"\\s*:\\s*\"");

  private final StringBuilder arguments = new StringBuilder();
  private final StringBuilder told = new StringBuilder();
  private int at = -1;
  private boolean over;

  /** More of the arguments; what is new of the code, empty if nothing. */
  String feed(String delta) {
    arguments.append(delta);
    if (at < 0) {
      Matcher matcher = BEGINNING.matcher(arguments);
      if (!matcher.lookingAt()) {
        return "";
      }
      at = matcher.end();
    }
    StringBuilder fresh = new StringBuilder();
    while (!over && at < arguments.length() && step(fresh)) {
      // Goes on until more has to come.
    }
    // Half of a character is kept back until the other half is there.
    if (!fresh.isEmpty() && Character.isHighSurrogate(fresh.charAt(fresh.length() - 1))) {
      at -= lastLength(fresh.charAt(fresh.length() - 1));
      fresh.setLength(fresh.length() - 1);
    }
    told.append(fresh);
    return fresh.toString();
  }

  private int lastLength(char last) {
    return arguments.charAt(at - 1) == last ? 1 : 6;
  }

  /** Takes one character; false if more has to come for it. */
  private boolean step(StringBuilder out) {
    char c = arguments.charAt(at);
    if (c == '"') {
      over = true;
      return false;
    }
    if (c != '\\') {
      out.append(c);
      at++;
      return true;
    }
    if (at + 1 >= arguments.length()) {
      return false;
    }
    char escaped = arguments.charAt(at + 1);
    if (escaped == 'u') {
      if (at + 6 > arguments.length()) {
        return false;
      }
      try {
        out.append((char) Integer.parseInt(arguments.substring(at + 2, at + 6), 16));
      } catch (NumberFormatException _) {
        over = true;
        return false;
      }
      at += 6;
      return true;
    }
    out.append(plain(escaped));
    at += 2;
    return true;
  }

  private static char plain(char escaped) {
    return switch (escaped) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> escaped;
    };
  }

  /** What was told so far. */
  String told() {
    return told.toString();
  }

  /**
   * The code of whole arguments. Some models write it plainly, and not as JSON: that is code too.
   */
  static String code(String arguments) {
    try {
      JsonNode tree = Json.tree(arguments.getBytes(StandardCharsets.UTF_8));
      if (tree.isObject()) {
        return tree.path("code").asString("");
      }
      return tree.isString() ? tree.stringValue() : arguments;
    } catch (InvalidJson _) {
      return arguments;
    }
  }
}
