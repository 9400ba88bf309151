package antiphon.tools.mcp.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A tool as its server lists it.
 *
 * @param schema of its arguments, a JSON Schema of an object
 * @param annotations hints about it; empty if there are none
 */
public record ListedTool(
    String name,
    @Nullable String description,
    Map<String, JsonNode> schema,
    Map<String, JsonNode> annotations) {

  public ListedTool {
    schema = Collections.unmodifiableMap(new LinkedHashMap<>(schema));
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
  }
}
