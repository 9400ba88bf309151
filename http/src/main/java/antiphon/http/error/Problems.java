package antiphon.http.error;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.StoreException;
import antiphon.protocol.json.InvalidJson;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which status and body each problem has. */
public final class Problems {

  private static final String INVALID = ErrorReply.INVALID_REQUEST;
  private static final String SERVER = ErrorReply.SERVER_ERROR;

  /** For what another try of the client would not mend: OpenAI's clients heed it. */
  private static final Map<String, String> FINAL = Map.of("x-should-retry", "false");

  private Problems() {}

  /** The answer for a problem. */
  public static ErrorReply reply(Problem problem) {
    return switch (problem) {
      case Problem.Invalid(String message, String param, String code) ->
          new ErrorReply(400, message, INVALID, param, code, Map.of());
      case Problem.Forbidden(String message, String param, String code) ->
          new ErrorReply(403, message, INVALID, param, code, FINAL);
      case Problem.NotFound(String message, String param) ->
          new ErrorReply(404, message, INVALID, param, "not_found", Map.of());
      case Problem.Conflict(String message, String param, String code, Duration retryAfter) ->
          new ErrorReply(
              409, message, INVALID, param, code, retryAfter == null ? FINAL : retry(retryAfter));
      case Problem.Gone(String message, String param) ->
          new ErrorReply(410, message, INVALID, param, "gone", FINAL);
      case Problem.Overloaded(String message, Duration retryAfter) ->
          new ErrorReply(
              429, message, "rate_limit_error", null, "server_overloaded", retry(retryAfter));
      case Problem.Unavailable(String message, Duration retryAfter) ->
          new ErrorReply(503, message, SERVER, null, "server_unavailable", retry(retryAfter));
      case Problem.Engine engine -> engine(engine);
      case Problem.Internal(String message) ->
          new ErrorReply(500, message, SERVER, null, "server_error", FINAL);
    };
  }

  private static ErrorReply engine(Problem.Engine engine) {
    Map<String, String> retry = retry(engine.retryAfter());
    String message = engine.message();
    return switch (engine.kind()) {
      case RATE_LIMITED ->
          new ErrorReply(429, message, "rate_limit_error", null, "rate_limit_exceeded", retry);
      case UNAVAILABLE -> new ErrorReply(503, message, SERVER, null, "engine_unavailable", retry);
      case BROKEN -> new ErrorReply(502, message, SERVER, null, "engine_error", retry);
      case TIMEOUT -> new ErrorReply(504, message, SERVER, null, "engine_timeout", retry);
    };
  }

  /** Whole seconds for everybody, never sooner than asked; milliseconds for those who read them. */
  private static Map<String, String> retry(@Nullable Duration after) {
    if (after == null) {
      return Map.of();
    }
    long millis = Math.max(0, after.toMillis());
    return Map.of(
        "retry-after", Long.toString((millis + 999) / 1000),
        "retry-after-ms", Long.toString(millis));
  }

  /**
   * The answer for what a handler threw.
   *
   * @return empty for what nobody expected: that is logged and answered by {@link #unexpected}
   */
  public static Optional<ErrorReply> expected(Throwable thrown) {
    return switch (thrown) {
      case Refusal refusal -> Optional.of(refusal.reply());
      case Rejected rejected -> Optional.of(reply(rejected.problem()));
      case InvalidJson.Syntax syntax -> Optional.of(syntax(syntax));
      case InvalidJson.Field field -> Optional.of(field(field));
      case StoreException _ -> Optional.of(store());
      default -> Optional.empty();
    };
  }

  /**
   * 500 without a word of what happened inside.
   *
   * @param requestId under which the log tells more
   */
  public static ErrorReply unexpected(String requestId) {
    String message =
        "The server had an error while processing your request. Its log tells more under "
            + requestId
            + ".";
    return reply(new Problem.Internal(message));
  }

  private static ErrorReply syntax(InvalidJson.Syntax syntax) {
    String place = "line " + syntax.line() + ", column " + syntax.column();
    String said = said(syntax);
    String message = said.contains(place) ? said : "Invalid JSON at " + place + ": " + said;
    return new ErrorReply(400, message, INVALID, null, "invalid_json", Map.of());
  }

  private static ErrorReply field(InvalidJson.Field field) {
    String param = field.param().isEmpty() ? null : field.param();
    return new ErrorReply(400, said(field), INVALID, param, null, Map.of());
  }

  private static String said(InvalidJson invalid) {
    return Objects.requireNonNullElse(invalid.getMessage(), "Invalid JSON.");
  }

  /** A commit whose answer was lost may hold: the client is told no more than is known. */
  private static ErrorReply store() {
    String message =
        "The server cannot reach its store at the moment. If the call was to change something, it"
            + " is not known whether it did: look before you send it again, or send it with an"
            + " Idempotency-Key.";
    return new ErrorReply(
        503, message, SERVER, null, "store_unavailable", retry(Duration.ofSeconds(1)));
  }
}
