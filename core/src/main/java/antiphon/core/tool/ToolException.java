package antiphon.core.tool;

import antiphon.core.response.Problem;

/** Tools cannot be made ready, and the response fails for it. */
public final class ToolException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ToolException(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
