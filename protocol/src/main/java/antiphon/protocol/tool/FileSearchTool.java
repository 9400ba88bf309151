package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Searches vector stores. */
public record FileSearchTool(
    @Required List<String> vectorStoreIds,
    @Nullable JsonNode filters,
    @Nullable Integer maxNumResults,
    @Nullable JsonNode rankingOptions,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public FileSearchTool {
    vectorStoreIds = List.copyOf(vectorStoreIds);
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "file_search";
  }
}
