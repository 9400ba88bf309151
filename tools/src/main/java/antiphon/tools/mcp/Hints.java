package antiphon.tools.mcp;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a server says of its tools, which may be wrong. */
final class Hints {

  private Hints() {}

  /** Whether it changes nothing. */
  static boolean readOnly(Map<String, JsonNode> annotations) {
    return is(annotations, "readOnlyHint");
  }

  /** Whether calling it twice does no more than once. */
  static boolean repeatable(Map<String, JsonNode> annotations) {
    return readOnly(annotations) || is(annotations, "idempotentHint");
  }

  private static boolean is(Map<String, JsonNode> annotations, String hint) {
    JsonNode value = annotations.get(hint);
    return value != null && value.isBoolean() && value.asBoolean();
  }
}
