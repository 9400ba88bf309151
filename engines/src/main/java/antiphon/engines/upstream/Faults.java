package antiphon.engines.upstream;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.core.response.Problem.Engine.Kind;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Turns what goes wrong at an engine into problems, in words that carry no secrets. */
public final class Faults {

  private static final Pattern CONTEXT =
      Pattern.compile(
          "context[_ ]length|maximum context|context window|context size|max_model_len"
              + "|exceeds? the (available|model's) context|prompt is too long|too many tokens"
              + "|longer than the (model|maximum)");

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
    JsonNode error = error(body);
    String said = error == null ? "" : message(error);
    String text = said.isEmpty() ? plain(body) : said;
    String what = "answered " + status + (text.isEmpty() ? "" : ": " + text);
    return switch (status) {
      case 400, 413, 422 -> invalid(error, text, what);
      case 429 -> new EngineException(engine(Kind.RATE_LIMITED, what, retryAfter));
      case 408, 504 -> new EngineException(engine(Kind.TIMEOUT, what, retryAfter));
      case 404 -> aboutModel(error, text) ? noModel(what) : broken(what);
      default ->
          status >= 500
              ? new EngineException(engine(Kind.UNAVAILABLE, what, retryAfter))
              : broken(what);
    };
  }

  /** The engine told an error in the middle of its stream. */
  public EngineException reported(JsonNode error) {
    String said = message(error);
    String what = "broke off with an error" + (said.isEmpty() ? "" : ": " + said);
    String code = code(error);
    int status = error.path("code").asInt(error.path("status").asInt(0));
    if (contextExceeded(code, said)) {
      return invalid(said.isEmpty() ? what : said, null, "context_length_exceeded");
    }
    if (status == 429 || code.contains("rate_limit") || code.contains("overloaded")) {
      return new EngineException(engine(Kind.RATE_LIMITED, what, null));
    }
    return broken(what);
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

  private EngineException invalid(@Nullable JsonNode error, String said, String what) {
    String code = error == null ? "" : code(error);
    if (contextExceeded(code, said)) {
      return invalid(
          said.isEmpty() ? "The input is longer than the model's context." : said,
          "input",
          "context_length_exceeded");
    }
    return invalid("The engine '" + name + "' " + what, null, null);
  }

  /** A wrong path is our setting's fault, an unknown model the request's. */
  private static boolean aboutModel(@Nullable JsonNode error, String said) {
    return error != null
        && (code(error).contains("model_not_found")
            || said.toLowerCase(Locale.ROOT).contains("model"));
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

  private static boolean contextExceeded(String code, String said) {
    return code.contains("context_length")
        || code.contains("exceed_context_size")
        || CONTEXT.matcher(said.toLowerCase(Locale.ROOT)).find();
  }

  private static String code(JsonNode error) {
    return (text(error.path("code")) + " " + text(error.path("type"))).toLowerCase(Locale.ROOT);
  }

  private static String text(JsonNode node) {
    return node.isString() ? node.asString() : "";
  }

  /** Engines nest their message: {@code error.message}, {@code message}, {@code detail}. */
  private static String message(JsonNode error) {
    for (JsonNode candidate :
        new JsonNode[] {error, error.path("message"), error.path("detail"), error.path("error")}) {
      if (candidate.isString() && !candidate.asString().isBlank()) {
        return candidate.asString();
      }
    }
    JsonNode detail = error.path("detail").path(0).path("msg");
    return text(detail);
  }

  private static @Nullable JsonNode error(String body) {
    if (!body.stripLeading().startsWith("{")) {
      return null;
    }
    try {
      JsonNode root = Json.readStored(body.getBytes(StandardCharsets.UTF_8), JsonNode.class);
      return root.path("error").isMissingNode() ? root : root.path("error");
    } catch (InvalidJson _) {
      return null;
    }
  }

  /** A page of HTML tells nobody anything. */
  private static String plain(String body) {
    return body.stripLeading().startsWith("<") ? "" : body.strip();
  }
}
