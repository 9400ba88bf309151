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
   * An unchangeable copy for a record that has a {@code type}. The mapper gives null where there
   * are none, and counts the type that chose the record among them.
   */
  public static Map<String, JsonNode> of(@Nullable Map<String, JsonNode> fields) {
    if (fields == null || !fields.containsKey("type")) {
      return all(fields);
    }
    Map<String, JsonNode> kept = new LinkedHashMap<>(fields);
    kept.remove("type");
    return all(kept);
  }

  /** The same for a record without a type: a field of that name is as unknown as any other. */
  public static Map<String, JsonNode> all(@Nullable Map<String, JsonNode> fields) {
    return fields == null || fields.isEmpty()
        ? Map.of()
        : Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }
}
