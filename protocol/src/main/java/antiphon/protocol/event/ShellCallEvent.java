package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A command in a shell. */
public sealed interface ShellCallEvent extends ItemEvent {

  /** {@code response.shell_call.in_progress}. */
  record InProgress(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable JsonNode args)
      implements ShellCallEvent {

    @Override
    public String type() {
      return "response.shell_call.in_progress";
    }
  }

  /** {@code response.shell_call.executing}. */
  record Executing(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements ShellCallEvent {

    @Override
    public String type() {
      return "response.shell_call.executing";
    }
  }

  /** {@code response.shell_call.completed}. */
  record Completed(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable String functionCallOutput)
      implements ShellCallEvent {

    @Override
    public String type() {
      return "response.shell_call.completed";
    }
  }
}
