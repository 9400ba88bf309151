package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Raw reasoning. */
public sealed interface ReasoningTextEvent extends ItemEvent {

  /** {@code response.reasoning_text.delta}. */
  record Delta(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int contentIndex,
      @Required String delta)
      implements ReasoningTextEvent {

    @Override
    public String type() {
      return "response.reasoning_text.delta";
    }
  }

  /** {@code response.reasoning_text.done}. */
  record Done(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int contentIndex,
      @Required String text)
      implements ReasoningTextEvent {

    @Override
    public String type() {
      return "response.reasoning_text.done";
    }
  }
}
