package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Searches tools that are not loaded yet, on the server or by the client. */
public record ToolSearchTool(
    @Nullable String description,
    @Nullable String execution,
    @Nullable Map<String, JsonNode> parameters,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public ToolSearchTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "tool_search";
  }
}
