package antiphon.core.response;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A problem as it is stored, so that who asks once more is told the same.
 *
 * @param kind which problem it is; for one of an engine which kind of that
 * @param retryAfterMillis how long to wait until another try, where that is known
 */
public record ToldProblem(
    String kind,
    String message,
    @Nullable String param,
    @Nullable String code,
    @Nullable Long retryAfterMillis) {

  /** What is stored of a problem. */
  public static ToldProblem of(Problem problem) {
    return switch (problem) {
      case Problem.Invalid(String message, String param, String code) ->
          new ToldProblem("invalid", message, param, code, null);
      case Problem.Forbidden(String message, String param, String code) ->
          new ToldProblem("forbidden", message, param, code, null);
      case Problem.NotFound(String message, String param) ->
          new ToldProblem("not_found", message, param, null, null);
      case Problem.Conflict(String message, String param, String code, Duration after) ->
          new ToldProblem(
              "conflict", message, param, code, after == null ? null : after.toMillis());
      case Problem.Gone(String message, String param) ->
          new ToldProblem("gone", message, param, null, null);
      case Problem.Overloaded(String message, Duration after) ->
          new ToldProblem("overloaded", message, null, null, after.toMillis());
      case Problem.Unavailable(String message, Duration after) ->
          new ToldProblem("unavailable", message, null, null, after.toMillis());
      case Problem.Engine(Problem.Engine.Kind kind, String message, Duration after) ->
          new ToldProblem(name(kind), message, null, null, after == null ? null : after.toMillis());
      case Problem.Internal(String message) ->
          new ToldProblem("internal", message, null, null, null);
    };
  }

  private static String name(Problem.Engine.Kind kind) {
    return "engine_" + kind.name().toLowerCase(Locale.ROOT);
  }

  /** The problem again. */
  public Problem problem() {
    Duration after = retryAfterMillis == null ? null : Duration.ofMillis(retryAfterMillis);
    Duration soon = after == null ? Duration.ofSeconds(1) : after;
    for (Problem.Engine.Kind engine : Problem.Engine.Kind.values()) {
      if (name(engine).equals(kind)) {
        return new Problem.Engine(engine, message, after);
      }
    }
    return switch (kind) {
      case "invalid" -> new Problem.Invalid(message, param, code);
      case "forbidden" -> new Problem.Forbidden(message, param, code == null ? "forbidden" : code);
      case "not_found" -> new Problem.NotFound(message, param);
      case "conflict" ->
          new Problem.Conflict(message, param, code == null ? "conflict" : code, after);
      case "gone" -> new Problem.Gone(message, param);
      case "overloaded" -> new Problem.Overloaded(message, soon);
      case "unavailable" -> new Problem.Unavailable(message, soon);
      default -> new Problem.Internal(message);
    };
  }
}
