package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.NoNulls;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The tools of an MCP server. */
public record McpServerTool(
    @Nullable String serverLabel,
    @Nullable String mcpServerId,
    @Nullable String mcpCredentialId,
    @Nullable JsonNode allowedTools,
    @Nullable String authorization,
    @Nullable String connectorId,
    @NoNulls @Nullable Map<String, String> headers,
    @Nullable JsonNode requireApproval,
    @Nullable String serverDescription,
    @Nullable String serverUrl,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public McpServerTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "mcp";
  }
}
