package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A call of an MCP tool. */
public record McpCall(
    @Nullable String id,
    @Required String arguments,
    @Required String name,
    @Required String serverLabel,
    @Nullable String approvalRequestId,
    @Nullable JsonNode error,
    @Nullable String output,
    @Nullable ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public McpCall {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "mcp_call";
  }

  @Override
  public McpCall withId(String id) {
    return new McpCall(
        id, arguments, name, serverLabel, approvalRequestId, error, output, status, extra);
  }

  @Override
  public McpCall withStatus(ItemStatus status) {
    return new McpCall(
        id, arguments, name, serverLabel, approvalRequestId, error, output, status, extra);
  }

  /** The same call with these arguments. */
  public McpCall withArguments(String arguments) {
    return new McpCall(
        id, arguments, name, serverLabel, approvalRequestId, error, output, status, extra);
  }
}
