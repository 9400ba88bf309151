package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The text of a summary. */
public sealed interface ReasoningSummaryTextEvent extends ItemEvent {

  /** {@code response.reasoning_summary_text.delta}. */
  record Delta(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int summaryIndex,
      @Required String delta)
      implements ReasoningSummaryTextEvent {

    @Override
    public String type() {
      return "response.reasoning_summary_text.delta";
    }
  }

  /** {@code response.reasoning_summary_text.done}. */
  record Done(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int summaryIndex,
      @Required String text)
      implements ReasoningSummaryTextEvent {

    @Override
    public String type() {
      return "response.reasoning_summary_text.done";
    }
  }
}
