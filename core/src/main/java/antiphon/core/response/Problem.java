package antiphon.core.response;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a call is refused or a response failed. Each kind has one status and one error body. */
public sealed interface Problem {

  /** For people; names the field and the rule, never another tenant's data. */
  String message();

  /**
   * The request breaks a rule: 400.
   *
   * @param param the field, e.g. {@code input[0].role}; null when no single field is to blame
   * @param code a machine-readable reason, or null
   */
  record Invalid(String message, @Nullable String param, @Nullable String code)
      implements Problem {}

  /**
   * The caller's key does not allow it: 403.
   *
   * @param code a machine-readable reason
   */
  record Forbidden(String message, @Nullable String param, String code) implements Problem {}

  /** No such response for this owner: 404, the same whoever asks. */
  record NotFound(String message, @Nullable String param) implements Problem {}

  /**
   * The state of the thing forbids it: 409.
   *
   * @param code a machine-readable reason
   * @param retryAfter when another try may do; null if none will
   */
  record Conflict(
      String message, @Nullable String param, String code, @Nullable Duration retryAfter)
      implements Problem {

    /** One that no other try mends. */
    public Conflict(String message, @Nullable String param) {
      this(message, param, "conflict", null);
    }
  }

  /** It was there, and its time is over: 410. */
  record Gone(String message, @Nullable String param) implements Problem {}

  /** Too much at once: 429. */
  record Overloaded(String message, Duration retryAfter) implements Problem {}

  /** This server stops or cannot take work now: 503. */
  record Unavailable(String message, Duration retryAfter) implements Problem {}

  /** The engine failed: 429, 502, 503 or 504, and the {@code error} of a failed response. */
  record Engine(Kind kind, String message, @Nullable Duration retryAfter) implements Problem {

    /** What went wrong at the engine. */
    public enum Kind {
      /** The engine asked for less: 429, {@code rate_limit_exceeded}. */
      RATE_LIMITED,
      /** Nobody there, or it said 5xx before any output: 503. */
      UNAVAILABLE,
      /** It answered nonsense or broke off: 502. */
      BROKEN,
      /** It took too long: 504. */
      TIMEOUT
    }
  }

  /** Our own fault: 500, {@code server_error}. */
  record Internal(String message) implements Problem {}
}
