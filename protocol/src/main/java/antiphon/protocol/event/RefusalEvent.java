package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;

/** A refusal. */
public sealed interface RefusalEvent extends ItemEvent {

  /** {@code response.refusal.delta}. */
  record Delta(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int contentIndex,
      @Required String delta)
      implements RefusalEvent {

    @Override
    public String type() {
      return "response.refusal.delta";
    }
  }

  /** {@code response.refusal.done}. */
  record Done(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int contentIndex,
      @Required String refusal)
      implements RefusalEvent {

    @Override
    public String type() {
      return "response.refusal.done";
    }
  }
}
