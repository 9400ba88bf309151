package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A call of an MCP tool that waits for leave. */
public record McpApprovalRequest(
    @Nullable String id,
    @Required String arguments,
    @Required String name,
    @Required String serverLabel,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public McpApprovalRequest {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "mcp_approval_request";
  }

  @Override
  public McpApprovalRequest withId(String id) {
    return new McpApprovalRequest(id, arguments, name, serverLabel, extra);
  }

  @Override
  public @Nullable ItemStatus status() {
    return null;
  }

  @Override
  public McpApprovalRequest withStatus(ItemStatus status) {
    return this;
  }
}
