package antiphon.engines.upstream;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.core.response.Problem.Engine.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Turns what goes wrong at an engine into problems, in words that carry no secrets. */
public final class Faults {

  private final String name;
  private final Secrets secrets;

  Faults(UpstreamSettings settings) {
    this.name = settings.name();
    this.secrets = new Secrets(settings);
  }

  /**
   * The engine answered with a status that is no success.
   *
   * @param body the beginning of its answer
   * @param retryAfter what it asked for, or null
   */
  EngineException status(int status, String body, @Nullable Duration retryAfter) {
    ReportedError error = ReportedError.of(body);
    String what = "answered " + status + (error.words().isEmpty() ? "" : ": " + error.words());
    return judged(status, error, what, retryAfter);
  }

  /** The engine told an error in the middle of its stream, in whatever form. */
  public EngineException reported(JsonNode error) {
    return reported(ReportedError.of(error));
  }

  /** The engine told an error in the middle of its stream: JSON, or words. */
  public EngineException reported(String error) {
    return reported(ReportedError.of(error));
  }

  private EngineException reported(ReportedError error) {
    String what = "broke off with an error" + (error.words().isEmpty() ? "" : ": " + error.words());
    return judged(error.status(), error, what, null);
  }

  private EngineException judged(
      int status, ReportedError error, String what, @Nullable Duration retryAfter) {
    boolean refuses = status == 400 || status == 413 || status == 422 || status == 0;
    if ((refuses || status >= 500) && error.contextExceeded()) {
      return tooLong(error.words());
    }
    if (status == 429 || (refuses && error.rateLimited())) {
      return new EngineException(engine(Kind.RATE_LIMITED, what, retryAfter));
    }
    return switch (status) {
      case 0 -> error.overloaded() ? busy(what, retryAfter) : broken(what);
      case 400, 413, 422 -> said(error) ? noModel(what) : refused(what);
      case 408, 504 -> new EngineException(engine(Kind.TIMEOUT, what, retryAfter));
      case 404 -> error.aboutModel() ? noModel(what) : broken(what);
      default -> status >= 500 ? busy(what, retryAfter) : broken(what);
    };
  }

  private static boolean said(ReportedError error) {
    return error.codes().contains("model_not_found");
  }

  private EngineException busy(String what, @Nullable Duration retryAfter) {
    return new EngineException(engine(Kind.UNAVAILABLE, what, retryAfter));
  }

  private EngineException refused(String what) {
    return invalid("The engine '" + name + "' " + what, null, null);
  }

  private EngineException tooLong(String said) {
    return invalid(
        said.isEmpty() ? "The input is longer than the model's context." : said,
        "input",
        "context_length_exceeded");
  }

  /** It answered nonsense or broke off; {@code what} goes on "The engine … ". */
  public EngineException broken(String what) {
    return new EngineException(engine(Kind.BROKEN, what, null));
  }

  /** The same, with what happened for our own log. */
  EngineException broken(String what, Throwable cause) {
    return new EngineException(engine(Kind.BROKEN, what, null), cause);
  }

  EngineException unavailable(String what, Throwable cause) {
    return new EngineException(engine(Kind.UNAVAILABLE, what, null), cause);
  }

  EngineException timeout(String what) {
    return new EngineException(engine(Kind.TIMEOUT, what, null));
  }

  private EngineException noModel(String what) {
    return invalid("The engine '" + name + "' " + what, "model", "model_not_found");
  }

  private EngineException invalid(String message, @Nullable String param, @Nullable String code) {
    return new EngineException(new Problem.Invalid(secrets.mask(message), param, code));
  }

  private Problem.Engine engine(Kind kind, String what, @Nullable Duration retryAfter) {
    return new Problem.Engine(kind, secrets.mask("The engine '" + name + "' " + what), retryAfter);
  }
}
