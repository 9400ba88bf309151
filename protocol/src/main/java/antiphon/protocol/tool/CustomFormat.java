package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Free text, or text that follows a grammar. */
public record CustomFormat(
    @Required String type,
    @Nullable String definition,
    @Nullable String syntax,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public CustomFormat {
    extra = Extra.of(extra);
  }
}
