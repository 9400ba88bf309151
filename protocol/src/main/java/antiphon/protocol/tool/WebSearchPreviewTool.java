package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Searches the web, the older way; two spellings of the type. */
public record WebSearchPreviewTool(
    @Required String type,
    @Nullable SearchContextSize searchContextSize,
    @Nullable UserLocation userLocation,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public WebSearchPreviewTool {
    extra = Extra.of(extra);
  }
}
