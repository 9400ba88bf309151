package antiphon.protocol.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Fields that the wire format does not know: kept as they came, in their order. */
public final class Extra {

  private Extra() {}

  /**
   * An unchangeable copy. The mapper gives null where there are none, and counts the {@code type}
   * that chose the record among them.
   */
  public static Map<String, JsonNode> of(@Nullable Map<String, JsonNode> fields) {
    if (fields == null || fields.isEmpty()) {
      return Map.of();
    }
    Map<String, JsonNode> kept = new LinkedHashMap<>(fields);
    kept.remove("type");
    return kept.isEmpty() ? Map.of() : Collections.unmodifiableMap(kept);
  }
}
