package antiphon.core.engine;

import java.util.List;

/** Turns texts into vectors, so that texts that mean the like lie near each other. */
public interface Embedder extends AutoCloseable {

  /** The model's name. Vectors of different models cannot be compared. */
  String model();

  /**
   * How many numbers each vector has; the model is asked for it the first time.
   *
   * @throws EngineException if it cannot be asked
   * @throws InterruptedException if interrupted
   */
  int dimensions() throws EngineException, InterruptedException;

  /**
   * The vectors of these texts, in their order, each of length 1 (or 0, where the model says so).
   * Blocking; interrupting the thread stops it. All or nothing.
   *
   * @param texts any number of them; none of them empty
   * @throws EngineException with {@link antiphon.core.response.Problem.Invalid} if a text is empty
   *     or longer than the model takes, else with what the engine did
   * @throws InterruptedException if interrupted
   */
  List<float[]> embed(List<String> texts) throws EngineException, InterruptedException;

  /** Lets go of what it holds. */
  @Override
  void close();
}
