package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The input of a custom tool call. */
public sealed interface CustomToolCallInputEvent extends ItemEvent {

  /** {@code response.custom_tool_call_input.delta}. */
  record Delta(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Required String delta)
      implements CustomToolCallInputEvent {

    @Override
    public String type() {
      return "response.custom_tool_call_input.delta";
    }
  }

  /** {@code response.custom_tool_call_input.done}. */
  record Done(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Required String input)
      implements CustomToolCallInputEvent {

    @Override
    public String type() {
      return "response.custom_tool_call_input.done";
    }
  }
}
