package antiphon.http.resource;

import antiphon.http.error.Refusal;
import antiphon.http.wire.BodyBytes;
import antiphon.http.wire.Exchange;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests' bodies as JSON. Long ones, and packed ones, a few at a time, so that they leave
 * the processor to others and do not swell all at once.
 */
public final class JsonBody {

  private static final String JSON = "application/json";

  /** In bytes; read in a millisecond or two. */
  private static final int LONG = 256 * 1024;

  private static final long PATIENCE_SECONDS = 30;

  private final Semaphore places;

  /**
   * @param atOnce how many long bodies are read at a time
   */
  public JsonBody(int atOnce) {
    this.places = new Semaphore(atOnce, true);
  }

  /** Half of the machine for the longest. */
  public static JsonBody forThisMachine() {
    return new JsonBody(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  }

  /**
   * Reads the body.
   *
   * @throws Refusal 415 if it is said to be something else, 400 if it is empty, 408, 413, 503
   * @throws InvalidJson if it is not this kind of value
   */
  <T> T read(Exchange exchange, Class<T> type) throws InterruptedException {
    T read = readIfAny(exchange, type);
    if (read == null) {
      throw Refusal.badRequest(null, "The body is empty; send a JSON object.");
    }
    return read;
  }

  /** The same; null for an empty body. */
  <T> @Nullable T readIfAny(Exchange exchange, Class<T> type) throws InterruptedException {
    Packing packing = Packing.of(exchange);
    String contentType = exchange.header(HttpHeaders.CONTENT_TYPE);
    if (contentType != null) {
      check(contentType);
    }
    BodyBytes body = exchange.body();
    if (body.length() == 0) {
      return null;
    }
    if (contentType == null) {
      throw Refusal.wrongBody("The body needs the header 'Content-Type: application/json'.");
    }
    if (packing == Packing.NONE && body.length() <= LONG) {
      return Json.read(body.join(), type);
    }
    enter(exchange);
    try {
      return Json.read(packing.unpack(body.join(), exchange), type);
    } finally {
      places.release();
    }
  }

  /** Waits for a place; not longer than the client does. */
  private void enter(Exchange exchange) throws InterruptedException {
    if (places.tryAcquire()) {
      return;
    }
    exchange.onGone(Thread.currentThread()::interrupt);
    try {
      if (!places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw Refusal.tooManyBytes();
      }
    } finally {
      exchange.onGone(() -> {});
    }
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
