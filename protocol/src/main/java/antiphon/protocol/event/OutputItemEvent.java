package antiphon.protocol.event;

import antiphon.protocol.item.Item;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;

/** An output item begins or is done. */
public sealed interface OutputItemEvent extends ItemEvent {

  /** {@code response.output_item.added}. */
  record Added(
      long sequenceNumber, @JsonProperty(required = true) int outputIndex, @Required Item item)
      implements OutputItemEvent {

    @Override
    public String type() {
      return "response.output_item.added";
    }
  }

  /** {@code response.output_item.done}. */
  record Done(
      long sequenceNumber, @JsonProperty(required = true) int outputIndex, @Required Item item)
      implements OutputItemEvent {

    @Override
    public String type() {
      return "response.output_item.done";
    }
  }
}
