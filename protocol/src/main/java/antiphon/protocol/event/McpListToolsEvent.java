package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The listing of an MCP server's tools. */
public sealed interface McpListToolsEvent extends ItemEvent {

  /** {@code response.mcp_list_tools.in_progress}. */
  record InProgress(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements McpListToolsEvent {

    @Override
    public String type() {
      return "response.mcp_list_tools.in_progress";
    }
  }

  /** {@code response.mcp_list_tools.completed}. */
  record Completed(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements McpListToolsEvent {

    @Override
    public String type() {
      return "response.mcp_list_tools.completed";
    }
  }

  /** {@code response.mcp_list_tools.failed}. */
  record Failed(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements McpListToolsEvent {

    @Override
    public String type() {
      return "response.mcp_list_tools.failed";
    }
  }
}
