package antiphon.server.life;

import antiphon.core.engine.Piece;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.util.concurrent.Semaphore;

/** A script that says one word for each time it is let through, and stops after the last. */
final class Gate {

  private final Semaphore passes = new Semaphore(0);
  private final int words;

  /**
   * @param words how many it says in all
   */
  Gate(int words) {
    this.words = words;
  }

  /** Lets it say so many more words. */
  void pass(int more) {
    passes.release(more);
  }

  Script script() {
    return (turn, sink) -> {
      sink.begun();
      for (int i = 0; i < words; i++) {
        passes.acquire();
        sink.accept(new Piece.Text("w" + i + " "));
      }
      return ScriptedEngine.stop(turn, words);
    };
  }
}
