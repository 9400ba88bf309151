package antiphon.core.engine;

import antiphon.core.response.Problem;

/** The engine could not begin a turn or broke it off. */
public final class EngineException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  /**
   * @param problem what the client is told: {@link Problem.Invalid} if the request is to blame (its
   *     input is longer than the context, say), else {@link Problem.Engine}
   */
  public EngineException(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  /**
   * @param problem what the client is told
   * @param cause what happened, for our own log only
   */
  public EngineException(Problem problem, Throwable cause) {
    super(problem.message(), cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
