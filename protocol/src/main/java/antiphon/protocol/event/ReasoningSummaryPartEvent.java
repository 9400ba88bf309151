package antiphon.protocol.event;

import antiphon.protocol.content.SummaryText;
import antiphon.protocol.content.TextPartReader;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/** A summary of reasoning begins or is done. */
public sealed interface ReasoningSummaryPartEvent extends ItemEvent {

  /** {@code response.reasoning_summary_part.added}. */
  record Added(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int summaryIndex,
      @Required @JsonDeserialize(using = TextPartReader.Summary.class) SummaryText part)
      implements ReasoningSummaryPartEvent {

    @Override
    public String type() {
      return "response.reasoning_summary_part.added";
    }
  }

  /**
   * {@code response.reasoning_summary_part.done}.
   *
   * @param status {@code incomplete} where the summary broke off, else null
   */
  record Done(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int summaryIndex,
      @Required @JsonDeserialize(using = TextPartReader.Summary.class) SummaryText part,
      @Nullable ItemStatus status)
      implements ReasoningSummaryPartEvent {

    @Override
    public String type() {
      return "response.reasoning_summary_part.done";
    }
  }
}
