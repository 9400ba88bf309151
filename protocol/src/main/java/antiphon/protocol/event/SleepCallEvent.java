package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A sleep. */
public sealed interface SleepCallEvent extends ItemEvent {

  /** {@code response.sleep_call.in_progress}. */
  record InProgress(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable JsonNode args)
      implements SleepCallEvent {

    @Override
    public String type() {
      return "response.sleep_call.in_progress";
    }
  }

  /** {@code response.sleep_call.sleeping}. */
  record Sleeping(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable String wakeAt)
      implements SleepCallEvent {

    @Override
    public String type() {
      return "response.sleep_call.sleeping";
    }
  }

  /** {@code response.sleep_call.completed}. */
  record Completed(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable String functionCallOutput,
      @Nullable String status)
      implements SleepCallEvent {

    @Override
    public String type() {
      return "response.sleep_call.completed";
    }
  }
}
