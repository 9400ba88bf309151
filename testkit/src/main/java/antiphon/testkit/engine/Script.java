package antiphon.testkit.engine;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ToolOutput;
import java.util.ArrayList;
import java.util.List;

/** What the engine does in one turn. */
@FunctionalInterface
public interface Script {

  /** Plays the turn. */
  TurnResult play(Turn turn, PieceSink sink) throws EngineException, InterruptedException;

  /** Says these words, one piece each, and stops. */
  static Script words(String... words) {
    return (turn, sink) -> {
      for (String word : words) {
        sink.accept(new Piece.Text(word));
      }
      return ScriptedEngine.stop(turn, words.length);
    };
  }

  /** Calls a function in its first turn, and says in the next what it was told of it. */
  static Script call(String function, String arguments) {
    return (turn, sink) -> {
      List<String> told = outputs(turn);
      if (!told.isEmpty()) {
        sink.accept(new Piece.Text(String.join(";", told)));
        return ScriptedEngine.stop(turn, 1);
      }
      sink.accept(new Piece.ToolCall(0, "call_0", function, Piece.ToolCall.Kind.FUNCTION));
      sink.accept(new Piece.ToolCallDelta(0, arguments));
      return ScriptedEngine.stop(turn, 2);
    };
  }

  /** What the model is told that calls gave back, where that is text. */
  static List<String> outputs(Turn turn) {
    List<String> outputs = new ArrayList<>();
    for (Item item : turn.items()) {
      if (item instanceof FunctionCallOutput(_, _, ToolOutput.Text(String text), _, _)) {
        outputs.add(text);
      }
    }
    return outputs;
  }
}
