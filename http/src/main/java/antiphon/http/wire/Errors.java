package antiphon.http.wire;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.StoreException;
import antiphon.protocol.error.ErrorBody;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client is told when a call is refused or fails. */
public final class Errors {

  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
  private static final String INVALID = "invalid_request_error";

  private Errors() {}

  /** Answers with what went wrong. */
  static void answer(Exchange exchange, Throwable failure) {
    switch (failure) {
      case Refused refused ->
          send(exchange, refused.status(), INVALID, text(refused), null, refused.code());
      case Rejected rejected -> answer(exchange, rejected.problem());
      case InvalidJson.Syntax syntax ->
          send(exchange, 400, INVALID, text(syntax), null, "invalid_json");
      case InvalidJson.Field field ->
          send(
              exchange,
              400,
              INVALID,
              text(field),
              field.param().isEmpty() ? null : field.param(),
              null);
      case StoreException store -> {
        LOG.error("{}: the store failed", exchange.id(), store);
        exchange.header("retry-after", "1");
        send(exchange, 503, "server_error", "The server's store is not available.", null, null);
      }
      default -> {
        LOG.error("{}: {} {} failed", exchange.id(), exchange.method(), exchange.path(), failure);
        answer(
            exchange,
            new Problem.Internal("The server failed; its log says more under " + exchange.id() + "."));
      }
    }
  }

  /** A failure after the answer had begun: nobody can be told any more. */
  static void log(Exchange exchange, Throwable failure) {
    LOG.error("{}: failed in mid-answer", exchange.id(), failure);
  }

  /** Answers with a problem: one status and one form for each kind. */
  public static void answer(Exchange exchange, Problem problem) {
    switch (problem) {
      case Problem.Invalid invalid ->
          send(exchange, 400, INVALID, invalid.message(), invalid.param(), invalid.code());
      case Problem.NotFound missing ->
          send(exchange, 404, INVALID, missing.message(), missing.param(), "not_found");
      case Problem.Conflict conflict -> {
        // OpenAI's clients try a 409 again unless they are told that it is no use.
        exchange.header("x-should-retry", "false");
        send(exchange, 409, INVALID, conflict.message(), conflict.param(), "conflict");
      }
      case Problem.Overloaded busy -> {
        retryAfter(exchange, busy.retryAfter());
        send(exchange, 429, "rate_limit_error", busy.message(), null, "rate_limit_exceeded");
      }
      case Problem.Engine engine -> engine(exchange, engine);
      case Problem.Internal internal -> {
        exchange.header("x-should-retry", "false");
        send(exchange, 500, "server_error", internal.message(), null, "server_error");
      }
    }
  }

  private static void engine(Exchange exchange, Problem.Engine problem) {
    if (problem.retryAfter() != null) {
      retryAfter(exchange, problem.retryAfter());
    }
    switch (problem.kind()) {
      case RATE_LIMITED ->
          send(exchange, 429, "rate_limit_error", problem.message(), null, "rate_limit_exceeded");
      case UNAVAILABLE ->
          send(exchange, 503, "server_error", problem.message(), null, "engine_unavailable");
      case BROKEN -> send(exchange, 502, "server_error", problem.message(), null, "engine_error");
      case TIMEOUT ->
          send(exchange, 504, "server_error", problem.message(), null, "engine_timeout");
    }
  }

  private static String text(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  private static void retryAfter(Exchange exchange, Duration wait) {
    exchange.header("retry-after", Long.toString(Math.max(1, wait.toSeconds())));
  }

  static void send(
      Exchange exchange,
      int status,
      String type,
      String message,
      @Nullable String param,
      @Nullable String code) {
    exchange.json(status, Json.bytes(ErrorBody.of(message, type, param, code)));
  }
}
