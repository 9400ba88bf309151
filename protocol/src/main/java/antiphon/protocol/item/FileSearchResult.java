package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A place in a file. */
public record FileSearchResult(
    @Nullable Map<String, JsonNode> attributes,
    @Nullable String fileId,
    @Nullable String filename,
    @Nullable Double score,
    @Nullable String text,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public FileSearchResult {
    extra = Extra.all(extra);
  }
}
