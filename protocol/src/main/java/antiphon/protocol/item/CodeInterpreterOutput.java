package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Logs or an image; told apart by its type. */
public record CodeInterpreterOutput(
    @Required String type,
    @Nullable String logs,
    @Nullable String url,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public CodeInterpreterOutput {
    extra = Extra.of(extra);
  }
}
