package antiphon.protocol.event;

import antiphon.protocol.content.LogProb;
import antiphon.protocol.json.AlwaysWritten;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Text of a message. */
public sealed interface OutputTextEvent extends ItemEvent {

  /** {@code response.output_text.delta}. */
  record Delta(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int contentIndex,
      @Required String delta,
      List<LogProb> logprobs)
      implements OutputTextEvent {

    public Delta {
      // The mapper gives null for what was left out.
      logprobs = logprobs == null ? List.of() : List.copyOf(logprobs);
    }

    @Override
    public String type() {
      return "response.output_text.delta";
    }
  }

  /** {@code response.output_text.done}. */
  record Done(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int contentIndex,
      @Required String text,
      List<LogProb> logprobs)
      implements OutputTextEvent {

    public Done {
      // The mapper gives null for what was left out.
      logprobs = logprobs == null ? List.of() : List.copyOf(logprobs);
    }

    @Override
    public String type() {
      return "response.output_text.done";
    }
  }

  /** {@code response.output_text.annotation.added}. */
  record AnnotationAdded(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int contentIndex,
      @JsonProperty(required = true) int annotationIndex,
      @AlwaysWritten @Nullable JsonNode annotation)
      implements OutputTextEvent {

    @Override
    public String type() {
      return "response.output_text.annotation.added";
    }
  }
}
