package antiphon.core.engine;

/** Takes what the model says. */
@FunctionalInterface
public interface PieceSink {

  /**
   * Takes one piece; may block for a while when the log is slower than the engine.
   *
   * @throws InterruptedException if the run has been stopped: the engine is to stop and let it pass
   */
  void accept(Piece piece) throws InterruptedException;

  /**
   * The engine has taken the turn on, though it has not said anything yet: it does not refuse any
   * more. May be called again; an engine that cannot tell leaves it out.
   */
  default void begun() {}
}
