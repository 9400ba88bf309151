package antiphon.protocol.content;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A note on a text: {@code file_citation}, {@code url_citation}, {@code container_file_citation} or
 * {@code file_path}.
 *
 * @param type which of them
 * @param extra its fields
 */
public record Annotation(
    @Required String type, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {
  public Annotation {
    extra = Extra.of(extra);
  }
}
