package antiphon.http.resource;

import antiphon.http.wire.Exchange;
import antiphon.protocol.json.Json;
import io.vertx.core.http.HttpHeaders;

/** Answers with JSON. */
final class Replies {

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private Replies() {}

  /** 200 with JSON as it is. */
  static void json(Exchange exchange, byte[] json) throws InterruptedException {
    exchange.send(200, JSON, json);
  }

  /** 201 with what was made. */
  static void created(Exchange exchange, Object value) throws InterruptedException {
    exchange.send(201, JSON, Json.bytes(value));
  }

  /** 200 with a value. */
  static void json(Exchange exchange, Object value) throws InterruptedException {
    exchange.send(200, JSON, Json.bytes(value));
  }
}
