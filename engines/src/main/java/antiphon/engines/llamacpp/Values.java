package antiphon.engines.llamacpp;

import antiphon.protocol.json.Json;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a text of the settings is meant to be. */
final class Values {

  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
  private static final Pattern REAL = Pattern.compile("-?\\d+\\.\\d+");

  private Values() {}

  /** A number, true, false, or the text itself; an empty one is a flag that is set. */
  static JsonNode of(String text) {
    JsonNodeFactory nodes = Json.mapper().getNodeFactory();
    if (WHOLE.matcher(text).matches()) {
      return nodes.numberNode(Long.parseLong(text));
    }
    if (REAL.matcher(text).matches()) {
      return nodes.numberNode(Double.parseDouble(text));
    }
    return switch (text) {
      case "", "true" -> nodes.booleanNode(true);
      case "false" -> nodes.booleanNode(false);
      default -> nodes.stringNode(text);
    };
  }
}
