package antiphon.core.engine;

import antiphon.protocol.content.LogProb;
import antiphon.protocol.item.Item;
import antiphon.protocol.response.Usage;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Something a model said. Pieces of one kind in a row belong to the same output item. */
public sealed interface Piece {

  /** More of the message's text. {@code logprobs} is empty unless they were asked for. */
  record Text(String delta, List<LogProb> logprobs) implements Piece {
    public Text(String delta) {
      this(delta, List.of());
    }
  }

  /** More of a refusal. */
  record RefusalText(String delta) implements Piece {}

  /** More of the model's raw reasoning. */
  record ReasoningText(String delta) implements Piece {}

  /**
   * What the engine wants back with what it has just said, and nobody else understands. Sealed and
   * kept with the reasoning; see {@link antiphon.core.create.Unsealed#ENGINE}.
   */
  record EngineState(String state) implements Piece {}

  /** More of a summary of the reasoning. */
  record ReasoningSummary(String delta) implements Piece {}

  /**
   * A tool call begins.
   *
   * @param index tells the turn's calls apart; {@link ToolCallDelta} names the same
   * @param callId the engine's id of the call
   * @param name the tool's name as the request gave it
   * @param kind which kind of call item it becomes
   */
  record ToolCall(int index, String callId, String name, Kind kind) implements Piece {

    /** A function call carries JSON arguments, a custom call free text. */
    public enum Kind {
      FUNCTION,
      CUSTOM
    }
  }

  /** The same in a namespace of tools; {@code call} has the name without it. */
  record NamespacedCall(ToolCall call, String namespace) implements Piece {}

  /**
   * A call of a kind of its own, known as a whole only.
   *
   * @param item with the engine's id of the call, and without an id of its own
   */
  record WholeCall(Item item) implements Piece {}

  /** More of the arguments of the call with this index, or of its free text input. */
  record ToolCallDelta(int index, String delta) implements Piece {}

  /** What the turn has used so far; each replaces the one before. */
  record UsageSoFar(Usage usage) implements Piece {}

  /**
   * An event of a stream, from an engine that speaks Responses itself. Items and their events are
   * written as they are, with ids, places and numbers of our own. Every item begins with its {@code
   * response.output_item.added}; events of the whole response are not handed over.
   *
   * @param event with the engine's own ids and numbers
   */
  record Event(ObjectNode event) implements Piece {}
}
