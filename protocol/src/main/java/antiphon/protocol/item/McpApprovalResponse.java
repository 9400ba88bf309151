package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The leave, or its refusal. */
public record McpApprovalResponse(
    @Nullable String id,
    @Required String approvalRequestId,
    @Required Boolean approve,
    @Nullable String reason,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public McpApprovalResponse {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "mcp_approval_response";
  }

  @Override
  public McpApprovalResponse withId(String id) {
    return new McpApprovalResponse(id, approvalRequestId, approve, reason, extra);
  }

  @Override
  public @Nullable ItemStatus status() {
    return null;
  }

  @Override
  public McpApprovalResponse withStatus(ItemStatus status) {
    return this;
  }
}
