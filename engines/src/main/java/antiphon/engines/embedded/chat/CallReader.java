package antiphon.engines.embedded.chat;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads one call, a JSON object with {@code name} and {@code arguments} (or {@code parameters}),
 * while it comes. Where the name is first, the arguments are passed on piece by piece.
 */
final class CallReader {

  private static final Pattern HEAD =
      Pattern.compile(
          "\\s*\\{\\s*\"name\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*,"
              + "\\s*\"(?:arguments|parameters)\"\\s*:\\s*");

  private final Set<String> tools;
  private final StringBuilder text = new StringBuilder();
  private int at;
  private int depth;
  private boolean inString;
  private boolean escaped;
  private boolean failed;
  private int end = -1;
  private int argumentsPassed = -1;
  private int argumentsEnd = -1;

  CallReader(Set<String> tools) {
    this.tools = tools;
  }

  /** Everything that has come. */
  String text() {
    return text.toString();
  }

  /** Whether a known tool has been named, and arguments follow. */
  boolean begun() {
    return argumentsPassed >= 0;
  }

  /** Whether it can be no call any more. */
  boolean failed() {
    return failed;
  }

  /** Whether the object has been closed. */
  boolean complete() {
    return end >= 0;
  }

  /** What came after the object. */
  String rest() {
    return text.substring(end);
  }

  /** Takes more text; tells the name once it is known, and the arguments as they come. */
  void add(String more, List<Said> said) {
    text.append(more);
    if (!begun()) {
      findHead(said);
    }
    while (at < text.length() && end < 0 && !failed) {
      read(text.charAt(at));
      at++;
    }
    int to = argumentsEnd >= 0 ? argumentsEnd : at;
    if (begun() && to > argumentsPassed) {
      said.add(new Said.CallArguments(text.substring(argumentsPassed, to)));
      argumentsPassed = to;
    }
  }

  private void findHead(List<Said> said) {
    Matcher matcher = HEAD.matcher(text);
    if (matcher.lookingAt() && matcher.end() < text.length()) {
      String name = unquoted(matcher.group(1));
      failed = !tools.contains(name);
      if (!failed) {
        argumentsPassed = matcher.end();
        said.add(new Said.CallBegins(name));
      }
    }
  }

  private static String unquoted(String escapedText) {
    try {
      return Json.tree(("\"" + escapedText + "\"").getBytes(StandardCharsets.UTF_8)).asString();
    } catch (InvalidJson _) {
      return "";
    }
  }

  /** Follows strings and brackets, to know where the arguments and the object end. */
  private void read(char letter) {
    if (inString) {
      inString = escaped || letter != '"';
      escaped = !escaped && letter == '\\';
      return;
    }
    switch (letter) {
      case '"' -> {
        inString = true;
        failed |= depth == 0;
      }
      case '{' -> depth++;
      case '[' -> {
        failed |= depth == 0;
        depth++;
      }
      case '}', ']' -> depth--;
      default -> failed |= depth == 0 && !Character.isWhitespace(letter);
    }
    boolean closing = letter == '}' || letter == ']';
    if (begun() && at >= argumentsPassed && argumentsEnd < 0) {
      if (depth == 1 && closing) {
        argumentsEnd = at + 1;
      } else if (depth == 0 || (depth == 1 && letter == ',')) {
        argumentsEnd = at;
      }
    }
    failed |= depth < 0;
    if (depth == 0 && closing && !failed) {
      end = at + 1;
    }
  }

  /** When it is over: a whole call after all, whose name came last or after other fields. */
  boolean late(List<Said> said) {
    try {
      String object = end < 0 ? text() : text.substring(0, end);
      JsonNode node = Json.tree(object.getBytes(StandardCharsets.UTF_8));
      JsonNode arguments = node.has("arguments") ? node.get("arguments") : node.get("parameters");
      String name = node.path("name").asString("");
      if (arguments == null || !tools.contains(name)) {
        return false;
      }
      said.add(new Said.CallBegins(name));
      said.add(
          new Said.CallArguments(
              arguments.isString() ? arguments.stringValue() : arguments.toString()));
      return true;
    } catch (InvalidJson _) {
      return false;
    }
  }
}
