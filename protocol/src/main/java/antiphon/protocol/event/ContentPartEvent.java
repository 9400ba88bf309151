package antiphon.protocol.event;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;

/** A part of a message begins or is done. */
public sealed interface ContentPartEvent extends ItemEvent {

  /** {@code response.content_part.added}. */
  record Added(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int contentIndex,
      @Required ContentPart part)
      implements ContentPartEvent {

    @Override
    public String type() {
      return "response.content_part.added";
    }
  }

  /** {@code response.content_part.done}. */
  record Done(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int contentIndex,
      @Required ContentPart part)
      implements ContentPartEvent {

    @Override
    public String type() {
      return "response.content_part.done";
    }
  }
}
