package antiphon.http;

import antiphon.http.wire.Exchange;
import io.vertx.core.http.HttpHeaders;
import java.util.Set;

/** Lets pages of chosen origins call from a browser (WHATWG Fetch, section 3.2). */
final class Cors {

  private static final String ANY = "*";

  private final Set<String> origins;

  /**
   * @param origins e.g. {@code https://app.example}, or {@code *}; empty for off
   */
  Cors(Set<String> origins) {
    this.origins = origins;
  }

  /** Whether it is on. */
  boolean on() {
    return !origins.isEmpty();
  }

  /** Adds what the browser needs to show the answer to the page. */
  void allow(Exchange exchange) {
    String origin = exchange.header(HttpHeaders.ORIGIN);
    if (!on() || origin == null) {
      return;
    }
    exchange.setHeader(HttpHeaders.VARY, "Origin");
    if (origins.contains(ANY) || origins.contains(origin)) {
      exchange.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      exchange.setHeader(
          HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, "x-request-id, retry-after, retry-after-ms");
    }
  }

  /**
   * Answers a preflight.
   *
   * @param methods what the path takes
   */
  void preflight(Exchange exchange, String methods) {
    exchange.setHeader(HttpHeaders.ALLOW, methods);
    exchange.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, methods);
    exchange.setHeader(
        HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS,
        "authorization, content-type, idempotency-key, traceparent, x-on-behalf-of");
    exchange.setHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "600");
    exchange.sendEmpty(200);
  }
}
