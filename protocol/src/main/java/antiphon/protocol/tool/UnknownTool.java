package antiphon.protocol.tool;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A tool of a kind that this version does not know, as it came.
 *
 * @param type the kind
 * @param fields all other fields
 */
public record UnknownTool(String type, @JsonAnyGetter Map<String, JsonNode> fields)
    implements Tool {

  public UnknownTool {
    Map<String, JsonNode> others = new LinkedHashMap<>(fields);
    others.remove("type");
    fields = Collections.unmodifiableMap(others);
  }
}
