package antiphon.engines.chat;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Takes the free text out of the arguments <code>{"input": "…"}</code> with which an engine calls a
 * custom tool, as they come in. Arguments of another form are the free text themselves: the model
 * has passed over the detour.
 */
final class CustomInput {

  private static final Pattern BEGINNING =
      Pattern.compile("\\s*\\{\\s*\"" + ChatTools.INPUT + "\"\\s*:\\s*\"");

  private final StringBuilder arguments = new StringBuilder();
  private int read = -1;
  private boolean closed;

  /** More of the arguments; gives what of the free text is clear by now. */
  String accept(String delta) {
    arguments.append(delta);
    if (read < 0) {
      Matcher beginning = BEGINNING.matcher(arguments);
      if (!beginning.lookingAt()) {
        return "";
      }
      read = beginning.end();
    }
    return closed ? "" : decoded();
  }

  /** The rest, when no more arguments come. */
  String end() {
    if (read >= 0) {
      return "";
    }
    String whole = input(arguments.toString());
    return whole == null ? arguments.toString() : whole;
  }

  private String decoded() {
    StringBuilder text = new StringBuilder();
    while (read < arguments.length()) {
      char c = arguments.charAt(read);
      if (c == '"') {
        closed = true;
        break;
      }
      if (c != '\\') {
        text.append(c);
        read++;
      } else if (!escape(text)) {
        break;
      }
    }
    return text.toString();
  }

  /** Decodes one escape; false if its end has not come yet. */
  private boolean escape(StringBuilder text) {
    if (read + 1 >= arguments.length()) {
      return false;
    }
    char kind = arguments.charAt(read + 1);
    if (kind != 'u') {
      text.append(
          switch (kind) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> kind;
          });
      read += 2;
      return true;
    }
    if (read + 6 > arguments.length()) {
      return false;
    }
    text.append(unit(arguments.substring(read + 2, read + 6)));
    read += 6;
    return true;
  }

  private static char unit(String digits) {
    try {
      return (char) Integer.parseInt(digits, 16);
    } catch (NumberFormatException _) {
      return '\uFFFD';
    }
  }

  private static @Nullable String input(String arguments) {
    try {
      JsonNode node = Json.readStored(arguments.getBytes(StandardCharsets.UTF_8), JsonNode.class);
      JsonNode input = node.path(ChatTools.INPUT);
      return input.isString() ? input.asString() : null;
    } catch (InvalidJson _) {
      return null;
    }
  }
}
