package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;

/** A call of an MCP tool. */
public sealed interface McpCallEvent extends ItemEvent {

  /** {@code response.mcp_call.in_progress}. */
  record InProgress(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements McpCallEvent {

    @Override
    public String type() {
      return "response.mcp_call.in_progress";
    }
  }

  /** {@code response.mcp_call.completed}. */
  record Completed(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements McpCallEvent {

    @Override
    public String type() {
      return "response.mcp_call.completed";
    }
  }

  /** {@code response.mcp_call.failed}. */
  record Failed(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements McpCallEvent {

    @Override
    public String type() {
      return "response.mcp_call.failed";
    }
  }
}
