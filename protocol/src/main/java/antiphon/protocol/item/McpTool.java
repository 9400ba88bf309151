package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A tool of an MCP server. */
public record McpTool(
    @Required String name,
    @Required Map<String, JsonNode> inputSchema,
    @Nullable Map<String, JsonNode> annotations,
    @Nullable String description,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public McpTool {
    extra = Extra.all(extra);
  }
}
