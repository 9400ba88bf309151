package antiphon.engines.upstream;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an engine says of an error, whatever form it has given it.
 *
 * @param words for people, empty if there are none
 * @param codes every code and type in it, lower-case, with spaces between
 * @param status the HTTP status that it names, 0 if none
 */
record ReportedError(String words, String codes, int status) {

  private static final int DEPTH = 4;

  /** Where engines put their words, the best first; each may hold another object, or a list. */
  private static final List<String> WORDS =
      List.of(
          "message",
          "detail",
          "error",
          "errors",
          "msg",
          "reason",
          "error_message",
          "error_msg",
          "errorMessage",
          "Message",
          "description",
          "fault",
          "faultstring",
          "title");

  private static final List<String> CODES =
      List.of("code", "type", "status", "error_type", "error_code", "errorCode");

  private static final Pattern CONTEXT =
      Pattern.compile(
          "context[_ -]length|maximum context|context window|context[_ -]size|max_model_len"
              + "|max_seq_len|n_ctx\\b|exceeds? the (available|model's) context|prompt is too long"
              + "|input is too long|too many tokens|longer than the (model|maximum)"
              + "|input token count.{0,40}exceeds|maximum prompt length|prompt exceeds max length"
              + "|model token limit|reduce the length of (the|your) (messages|prompt|input)"
              + "|max_new_tokens` must be <=|maximum input length|input length.{0,40}exceed"
              + "|exceeds? the maximum (number of )?(input )?tokens|maximum sequence length");

  /** An error as JSON. */
  static ReportedError of(JsonNode said) {
    StringBuilder codes = new StringBuilder();
    int[] status = new int[1];
    codes(said, codes, status, DEPTH);
    String words = words(said, DEPTH);
    JsonNode error = said.path("error").isObject() ? said.path("error") : said;
    String raw = within(error.path("metadata").path("raw"), words);
    return new ReportedError(
        raw.isEmpty() ? words : raw, codes.toString().toLowerCase(Locale.ROOT), status[0]);
  }

  /** An error as the text of a body, JSON or not. */
  static ReportedError of(String body) {
    JsonNode json = json(body);
    if (json != null) {
      return of(json);
    }
    // A page of HTML tells nobody anything.
    return new ReportedError(body.stripLeading().startsWith("<") ? "" : body.strip(), "", 0);
  }

  /** Whether the input is longer than the model's context. */
  boolean contextExceeded() {
    return codes.contains("context_length")
        || codes.contains("exceed_context_size")
        || codes.contains("context_window")
        || (!rateLimited() && CONTEXT.matcher(words.toLowerCase(Locale.ROOT)).find());
  }

  /** Whether it asks for less. */
  boolean rateLimited() {
    return codes.contains("rate_limit")
        || codes.contains("ratelimit")
        || codes.contains("too_many_requests")
        || codes.contains("resource_exhausted")
        || codes.contains("insufficient_quota")
        || codes.contains("tokens_per_minute");
  }

  /** Whether it has too much to do. */
  boolean overloaded() {
    return codes.contains("overloaded")
        || codes.contains("capacity")
        || codes.contains("unavailable")
        || codes.contains("queue_full");
  }

  /** Whether it is about a model that is not there. */
  boolean aboutModel() {
    return codes.contains("model_not_found")
        || codes.contains("model_not_available")
        || words.toLowerCase(Locale.ROOT).contains("model");
  }

  /** A gateway's own words ("Provider returned error") say less than the error inside. */
  private static String within(JsonNode raw, String outer) {
    if (raw.isMissingNode() || raw.isNull()) {
      return "";
    }
    String inner = raw.isString() ? of(raw.asString()).words : words(raw, DEPTH);
    return inner.isEmpty() || inner.equals(outer)
        ? ""
        : outer.isEmpty() ? inner : outer + ": " + inner;
  }

  private static String words(JsonNode node, int depth) {
    if (node.isString()) {
      String text = node.asString();
      JsonNode inner = depth > 0 ? json(text) : null;
      String words = inner == null ? "" : words(inner, depth - 1);
      return words.isEmpty() ? text.strip() : words;
    }
    if (depth == 0) {
      return "";
    }
    if (node.isArray()) {
      for (JsonNode one : node) {
        String words = words(one, depth - 1);
        if (!words.isEmpty()) {
          return words + place(one.path("loc"));
        }
      }
      return "";
    }
    for (String name : node.isObject() ? WORDS : List.<String>of()) {
      String words = words(node.path(name), depth - 1);
      if (!words.isEmpty()) {
        return words;
      }
    }
    return "";
  }

  /** Pydantic says what is wrong, and where in a list of its own. */
  private static String place(JsonNode loc) {
    if (!loc.isArray() || loc.isEmpty()) {
      return "";
    }
    StringBuilder place = new StringBuilder();
    for (JsonNode one : loc) {
      place.append(place.isEmpty() ? " (" : ".").append(one.asString(""));
    }
    return place.append(")").toString();
  }

  private static void codes(JsonNode node, StringBuilder codes, int[] status, int depth) {
    if (depth == 0) {
      return;
    }
    if (node.isString()) {
      JsonNode inner = json(node.asString());
      if (inner != null) {
        codes(inner, codes, status, depth - 1);
      }
      return;
    }
    if (node.isArray()) {
      for (JsonNode one : node) {
        codes(one, codes, status, depth - 1);
      }
      return;
    }
    for (String name : CODES) {
      JsonNode code = node.path(name);
      if (code.isString()) {
        codes.append(codes.isEmpty() ? "" : " ").append(code.asString());
      }
      int number = code.asInt(0);
      if (status[0] == 0 && number >= 400 && number <= 599) {
        status[0] = number;
      }
    }
    for (String name : List.of("error", "errors", "message", "detail")) {
      codes(node.path(name), codes, status, depth - 1);
    }
  }

  private static @Nullable JsonNode json(String body) {
    String text = body.strip();
    if (!text.startsWith("{") && !text.startsWith("[")) {
      return null;
    }
    try {
      return Json.readStored(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    } catch (InvalidJson _) {
      return null;
    }
  }
}
