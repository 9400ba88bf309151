package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A search for tools. */
public sealed interface ToolSearchCallEvent extends ItemEvent {

  /** {@code response.tool_search_call.in_progress}. */
  record InProgress(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable JsonNode args)
      implements ToolSearchCallEvent {

    @Override
    public String type() {
      return "response.tool_search_call.in_progress";
    }
  }

  /** {@code response.tool_search_call.searching}. */
  record Searching(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements ToolSearchCallEvent {

    @Override
    public String type() {
      return "response.tool_search_call.searching";
    }
  }

  /** {@code response.tool_search_call.completed}. */
  record Completed(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable String functionCallOutput)
      implements ToolSearchCallEvent {

    @Override
    public String type() {
      return "response.tool_search_call.completed";
    }
  }
}
