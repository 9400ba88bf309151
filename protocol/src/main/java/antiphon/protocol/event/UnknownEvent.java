package antiphon.protocol.event;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * An event of a type that this version does not know, as an engine gave it.
 *
 * @param fields all other fields
 */
public record UnknownEvent(
    String type, long sequenceNumber, @JsonAnyGetter Map<String, JsonNode> fields)
    implements StreamEvent {

  public UnknownEvent {
    Map<String, JsonNode> others = new LinkedHashMap<>(fields);
    others.remove("type");
    others.remove("sequence_number");
    fields = Collections.unmodifiableMap(others);
  }
}
