package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** A call of another agent. */
public sealed interface AgentCallEvent extends ItemEvent {

  /** {@code response.agent_call.in_progress}. */
  record InProgress(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Required String agentId)
      implements AgentCallEvent {

    @Override
    public String type() {
      return "response.agent_call.in_progress";
    }
  }

  /** {@code response.agent_call.completed}. */
  record Completed(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable String functionCallOutput)
      implements AgentCallEvent {

    @Override
    public String type() {
      return "response.agent_call.completed";
    }
  }

  /** {@code response.agent_call.failed}. */
  record Failed(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Required String error)
      implements AgentCallEvent {

    @Override
    public String type() {
      return "response.agent_call.failed";
    }
  }
}
