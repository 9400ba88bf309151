package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The running of code. */
public sealed interface CodeInterpreterCallEvent extends ItemEvent {

  /** {@code response.code_interpreter_call.in_progress}. */
  record InProgress(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements CodeInterpreterCallEvent {

    @Override
    public String type() {
      return "response.code_interpreter_call.in_progress";
    }
  }

  /** {@code response.code_interpreter_call.interpreting}. */
  record Interpreting(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements CodeInterpreterCallEvent {

    @Override
    public String type() {
      return "response.code_interpreter_call.interpreting";
    }
  }

  /** {@code response.code_interpreter_call.completed}. */
  record Completed(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements CodeInterpreterCallEvent {

    @Override
    public String type() {
      return "response.code_interpreter_call.completed";
    }
  }

  /** {@code response.code_interpreter_call_code.delta}. */
  record CodeDelta(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Required String delta)
      implements CodeInterpreterCallEvent {

    @Override
    public String type() {
      return "response.code_interpreter_call_code.delta";
    }
  }

  /** {@code response.code_interpreter_call_code.done}. */
  record CodeDone(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Required String code)
      implements CodeInterpreterCallEvent {

    @Override
    public String type() {
      return "response.code_interpreter_call_code.done";
    }
  }
}
