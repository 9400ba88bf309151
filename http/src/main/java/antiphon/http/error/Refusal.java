package antiphon.http.error;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Thrown where HTTP itself forbids going on; carries the whole answer. */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final String INVALID = ErrorReply.INVALID_REQUEST;

  private final transient ErrorReply reply;

  private Refusal(ErrorReply reply) {
    // No stack trace: this is an answer, not a fault.
    super(reply.message(), null, false, false);
    this.reply = reply;
  }

  /** What the client is told. */
  public ErrorReply reply() {
    return reply;
  }

  /** 400 about one parameter, or about none. */
  public static Refusal badRequest(@Nullable String param, String message) {
    return new Refusal(new ErrorReply(400, message, INVALID, param, null, Map.of()));
  }

  /** 401, with the scheme that would do. */
  public static Refusal unauthorized(String message) {
    return new Refusal(
        new ErrorReply(
            401, message, INVALID, null, "invalid_api_key", Map.of("www-authenticate", "Bearer")));
  }

  /** 403 for a key that does not allow the call. */
  public static Refusal missingScope(String scope) {
    String message = "You have insufficient permissions for this operation. Missing scope: ";
    return new Refusal(
        new ErrorReply(403, message + scope + ".", INVALID, null, "missing_scope", Map.of()));
  }

  /** 404 for a path that leads nowhere. */
  public static Refusal unknownPath(String method, String path) {
    String message = "Unknown request URL: " + method + " " + shown(path) + ".";
    return new Refusal(new ErrorReply(404, message, INVALID, null, "unknown_url", Map.of()));
  }

  /** 404 for a model that nobody runs. */
  public static Refusal unknownModel(String id) {
    String message = "The model '" + shown(id) + "' does not exist.";
    return new Refusal(new ErrorReply(404, message, INVALID, "model", "model_not_found", Map.of()));
  }

  /**
   * 405.
   *
   * @param allow the methods that would do, as the {@code Allow} header lists them
   */
  public static Refusal wrongMethod(String method, String allow) {
    String message = "Not allowed: " + shown(method) + ". This path takes " + allow + ".";
    return new Refusal(
        new ErrorReply(405, message, INVALID, null, "method_not_allowed", Map.of("allow", allow)));
  }

  /** 408 for a body that came too slowly. */
  public static Refusal slowBody() {
    return http(408, "The request body did not arrive in time.", "request_timeout");
  }

  /**
   * 413.
   *
   * @param limit the most bytes a body may have
   */
  public static Refusal bodyTooLarge(long limit) {
    return http(
        413, "The request body is larger than the " + limit + " bytes allowed.", "body_too_large");
  }

  /** 415 for a body of another kind. */
  public static Refusal wrongBody(String message) {
    return http(415, message, "unsupported_media_type");
  }

  /** 503 while the server starts or stops. */
  public static Refusal notReady(String message) {
    return new Refusal(
        new ErrorReply(503, message, ErrorReply.SERVER_ERROR, null, "not_ready", Map.of()));
  }

  /** 415 for a body packed in a way that is not taken. */
  public static Refusal wrongPacking(String message) {
    return new Refusal(
        new ErrorReply(
            415,
            message,
            INVALID,
            null,
            "unsupported_media_type",
            Map.of("accept-encoding", "gzip, zstd")));
  }

  /** 503 while the bodies of other requests take all the memory there is for them. */
  public static Refusal tooManyBytes() {
    return new Refusal(
        new ErrorReply(
            503,
            "The server is busy with the bodies of other requests. Try again in a moment.",
            ErrorReply.SERVER_ERROR,
            null,
            "server_overloaded",
            Map.of("retry-after", "1", "retry-after-ms", "1000")));
  }

  /** 404 for who speaks Chat Completions. */
  public static Refusal chatCompletions(String responses) {
    return new Refusal(
        new ErrorReply(
            404,
            "This server speaks the Responses API, not Chat Completions: use POST "
                + responses
                + ".",
            INVALID,
            null,
            "unknown_url",
            Map.of()));
  }

  /** Another 4xx that the HTTP parser decided. */
  public static Refusal http(int status, String message, String code) {
    return new Refusal(new ErrorReply(status, message, INVALID, null, code, Map.of()));
  }

  /** A text from the client, short enough to be sent back. */
  private static String shown(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }
}
