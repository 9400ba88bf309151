package antiphon.http.resource;

import antiphon.http.error.Refusal;
import antiphon.http.wire.Exchange;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;

/** Reads a request's body as JSON. */
final class JsonBody {

  private static final String JSON = "application/json";

  private JsonBody() {}

  /**
   * Reads the body.
   *
   * @throws Refusal 415 if it is said to be something else, 400 if it is empty, 408, 413
   * @throws InvalidJson if it is not this kind of value
   */
  static <T> T read(Exchange exchange, Class<T> type) throws InterruptedException {
    String encoding = exchange.header(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity")) {
      throw Refusal.wrongBody("The body must be sent without a Content-Encoding.");
    }
    String contentType = exchange.header(HttpHeaders.CONTENT_TYPE);
    if (contentType != null) {
      check(contentType);
    }
    byte[] body = exchange.body();
    if (body.length == 0) {
      throw Refusal.badRequest(null, "The body is empty; send a JSON object.");
    }
    if (contentType == null) {
      throw Refusal.wrongBody("The body needs the header 'Content-Type: application/json'.");
    }
    return Json.read(body, type);
  }

  private static void check(String contentType) {
    if (contentType.equals(JSON)) {
      return;
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
    if (!parts[0].strip().equals(JSON)) {
      throw Refusal.wrongBody("The body must be 'Content-Type: application/json'.");
    }
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("charset=")) {
        String charset = parameter.substring("charset=".length()).replace("\"", "").strip();
        if (!charset.equals("utf-8") && !charset.equals("utf8")) {
          throw Refusal.wrongBody("The body must be UTF-8, as all JSON.");
        }
      }
    }
  }
}
