package antiphon.protocol.content;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A part of a kind that this version does not know, as an engine gave it.
 *
 * @param type the kind
 * @param fields all other fields
 */
public record UnknownPart(String type, @JsonAnyGetter Map<String, JsonNode> fields)
    implements ContentPart {

  public UnknownPart {
    Map<String, JsonNode> others = new LinkedHashMap<>(fields);
    others.remove("type");
    fields = Collections.unmodifiableMap(others);
  }
}
