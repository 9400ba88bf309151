package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The tools of an MCP server. */
public record McpListTools(
    @Nullable String id,
    @Required String serverLabel,
    @Required List<McpTool> tools,
    @Nullable String error,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public McpListTools {
    tools = List.copyOf(tools);
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "mcp_list_tools";
  }

  @Override
  public McpListTools withId(String id) {
    return new McpListTools(id, serverLabel, tools, error, extra);
  }

  @Override
  public @Nullable ItemStatus status() {
    return null;
  }

  @Override
  public McpListTools withStatus(ItemStatus status) {
    return this;
  }
}
