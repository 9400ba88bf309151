package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A search in earlier conversations. */
public sealed interface HistoryCallEvent extends ItemEvent {

  /** {@code response.history_call.in_progress}. */
  record InProgress(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable JsonNode args)
      implements HistoryCallEvent {

    @Override
    public String type() {
      return "response.history_call.in_progress";
    }
  }

  /** {@code response.history_call.searching}. */
  record Searching(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements HistoryCallEvent {

    @Override
    public String type() {
      return "response.history_call.searching";
    }
  }

  /** {@code response.history_call.completed}. */
  record Completed(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable String functionCallOutput)
      implements HistoryCallEvent {

    @Override
    public String type() {
      return "response.history_call.completed";
    }
  }
}
