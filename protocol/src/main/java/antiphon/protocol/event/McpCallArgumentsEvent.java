package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The arguments of an MCP call. */
public sealed interface McpCallArgumentsEvent extends ItemEvent {

  /** {@code response.mcp_call_arguments.delta}. */
  record Delta(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Required String delta)
      implements McpCallArgumentsEvent {

    @Override
    public String type() {
      return "response.mcp_call_arguments.delta";
    }
  }

  /** {@code response.mcp_call_arguments.done}. */
  record Done(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Required String arguments)
      implements McpCallArgumentsEvent {

    @Override
    public String type() {
      return "response.mcp_call_arguments.done";
    }
  }
}
