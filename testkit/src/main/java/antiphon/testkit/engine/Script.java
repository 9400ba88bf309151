package antiphon.testkit.engine;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;

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
}
