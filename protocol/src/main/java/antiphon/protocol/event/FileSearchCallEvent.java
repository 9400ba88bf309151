package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;

/** A search in files. */
public sealed interface FileSearchCallEvent extends ItemEvent {

  /** {@code response.file_search_call.in_progress}. */
  record InProgress(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements FileSearchCallEvent {

    @Override
    public String type() {
      return "response.file_search_call.in_progress";
    }
  }

  /** {@code response.file_search_call.searching}. */
  record Searching(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements FileSearchCallEvent {

    @Override
    public String type() {
      return "response.file_search_call.searching";
    }
  }

  /** {@code response.file_search_call.completed}. */
  record Completed(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements FileSearchCallEvent {

    @Override
    public String type() {
      return "response.file_search_call.completed";
    }
  }

  /** {@code response.file_search_call.failed}. */
  record Failed(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Required String functionCallOutput)
      implements FileSearchCallEvent {

    @Override
    public String type() {
      return "response.file_search_call.failed";
    }
  }
}
