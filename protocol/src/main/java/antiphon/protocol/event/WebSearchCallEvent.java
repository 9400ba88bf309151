package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A search of the web. */
public sealed interface WebSearchCallEvent extends ItemEvent {

  /** {@code response.web_search_call.in_progress}. */
  record InProgress(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable JsonNode args)
      implements WebSearchCallEvent {

    @Override
    public String type() {
      return "response.web_search_call.in_progress";
    }
  }

  /** {@code response.web_search_call.searching}. */
  record Searching(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements WebSearchCallEvent {

    @Override
    public String type() {
      return "response.web_search_call.searching";
    }
  }

  /** {@code response.web_search_call.completed}. */
  record Completed(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable String functionCallOutput)
      implements WebSearchCallEvent {

    @Override
    public String type() {
      return "response.web_search_call.completed";
    }
  }
}
