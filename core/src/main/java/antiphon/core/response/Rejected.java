package antiphon.core.response;

/** Thrown where a call cannot go on; carries the {@link Problem} that the caller is told. */
public final class Rejected extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public Rejected(Problem problem) {
    // No stack trace: this is an answer, not a fault, and it is on the path of every bad request.
    super(problem.message(), null, false, false);
    this.problem = problem;
  }

  /** An {@link Problem.Invalid} about one field. */
  public static Rejected invalid(String param, String message) {
    return new Rejected(new Problem.Invalid(message, param, null));
  }

  public Problem problem() {
    return problem;
  }
}
