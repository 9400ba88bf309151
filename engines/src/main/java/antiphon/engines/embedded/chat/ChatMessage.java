package antiphon.engines.embedded.chat;

import java.util.List;

/** A message as chat templates know it. */
public sealed interface ChatMessage {

  /** What the model is told by whoever runs it. */
  record Instruction(String text) implements ChatMessage {}

  /** What the user says. */
  record User(String text) implements ChatMessage {}

  /** What the model said, and the tools it called. */
  record Assistant(String text, List<Call> calls) implements ChatMessage {
    public Assistant {
      calls = List.copyOf(calls);
    }
  }

  /** What a tool gave back. */
  record ToolResult(String callId, String name, String text) implements ChatMessage {}

  /**
   * A call of a tool.
   *
   * @param arguments a JSON object
   */
  record Call(String id, String name, String arguments) {}
}
