package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The reading of a file. */
public sealed interface ReadFileCallEvent extends ItemEvent {

  /** {@code response.read_file_call.in_progress}. */
  record InProgress(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable JsonNode args)
      implements ReadFileCallEvent {

    @Override
    public String type() {
      return "response.read_file_call.in_progress";
    }
  }

  /** {@code response.read_file_call.reading}. */
  record Reading(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements ReadFileCallEvent {

    @Override
    public String type() {
      return "response.read_file_call.reading";
    }
  }

  /** {@code response.read_file_call.completed}. */
  record Completed(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable String functionCallOutput)
      implements ReadFileCallEvent {

    @Override
    public String type() {
      return "response.read_file_call.completed";
    }
  }
}
