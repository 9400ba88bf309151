package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The arguments of a function call. */
public sealed interface FunctionCallArgumentsEvent extends ItemEvent {

  /** {@code response.function_call_arguments.delta}. */
  record Delta(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Required String delta)
      implements FunctionCallArgumentsEvent {

    @Override
    public String type() {
      return "response.function_call_arguments.delta";
    }
  }

  /** {@code response.function_call_arguments.done}. */
  record Done(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Required String name,
      @Required String arguments)
      implements FunctionCallArgumentsEvent {

    @Override
    public String type() {
      return "response.function_call_arguments.done";
    }
  }
}
