package antiphon.http.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;

/** From bytes on an event loop to a handler on a virtual thread: whole bodies, within their limit. */
final class Requests {

  private final HttpSettings settings;
  private final Router router;
  private final ExecutorService handlers;
  private volatile boolean stopping;

  Requests(HttpSettings settings, Router router, ExecutorService handlers) {
    this.settings = settings;
    this.router = router;
    this.handlers = handlers;
  }

  void stop() {
    stopping = true;
  }

  /** Reads a request; on the event loop. */
  void read(HttpServerRequest request, Watch watch) {
    watch.enter(Watch.State.BODY);
    String id = requestId();
    request.response().putHeader("x-request-id", id);
    Body body = new Body();
    request.handler(
        chunk -> {
          if (body.add(chunk, settings.maxBodyBytes())) {
            tooLarge(new Exchange(request, new byte[0], watch, id));
          }
        });
    request.endHandler(
        _ -> {
          if (!body.refused) {
            Exchange exchange = new Exchange(request, body.bytes(), watch, id);
            request.response().closeHandler(_ -> exchange.gone());
            request.response().exceptionHandler(_ -> exchange.gone());
            start(exchange, watch);
          }
        });
    // A client that leaves in the middle of its body has nothing to be told.
    request.exceptionHandler(_ -> body.refused = true);
  }

  private void start(Exchange exchange, Watch watch) {
    watch.enter(Watch.State.WORKING);
    if (stopping) {
      exchange.closeAfterwards();
      Errors.send(
          exchange, 503, "server_error", "The server is stopping.", null, "server_stopping");
      return;
    }
    try {
      handlers.execute(() -> handle(exchange, watch));
    } catch (RejectedExecutionException _) {
      watch.cut();
    }
  }

  private void handle(Exchange exchange, Watch watch) {
    try {
      router.handle(exchange);
    } catch (InterruptedException _) {
      watch.cut();
    } catch (RuntimeException | Error e) {
      if (exchange.answered()) {
        Errors.log(exchange, e);
        watch.cut();
      } else {
        Errors.answer(exchange, e);
      }
    }
  }

  private void tooLarge(Exchange exchange) {
    exchange.closeAfterwards();
    Errors.send(
        exchange,
        413,
        "invalid_request_error",
        "The body is larger than " + settings.maxBodyBytes() + " bytes.",
        null,
        "body_too_large");
  }

  /** A request that is no HTTP; on the event loop. */
  void invalid(HttpServerRequest request) {
    String id = requestId();
    request.response().putHeader("x-request-id", id);
    Exchange exchange =
        new Exchange(request, new byte[0], new Watch(request.connection()), id);
    exchange.closeAfterwards();
    String reason = String.valueOf(request.decoderResult().cause());
    int status = reason.contains("TooLongHttpHeader") ? 431 : reason.contains("TooLong") ? 414 : 400;
    Errors.send(
        exchange,
        status,
        "invalid_request_error",
        "The request is not valid HTTP, or its head is too long.",
        null,
        "invalid_http");
  }

  private static String requestId() {
    byte[] chance = new byte[12];
    ThreadLocalRandom.current().nextBytes(chance);
    return "req_" + HexFormat.of().formatHex(chance);
  }

  /** A body as it comes. */
  private static final class Body {
    private Buffer first = Buffer.buffer();
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream(0);
    private int size;
    private boolean refused;

    /** True once, when the limit is passed. */
    boolean add(Buffer chunk, int limit) {
      if (refused) {
        return false;
      }
      size += chunk.length();
      if (size > limit) {
        refused = true;
        return true;
      }
      if (size == chunk.length()) {
        first = chunk;
      } else {
        rest.writeBytes(chunk.getBytes());
      }
      return false;
    }

    byte[] bytes() {
      if (rest.size() == 0) {
        return first.getBytes();
      }
      byte[] all = new byte[size];
      first.getBytes(0, first.length(), all);
      System.arraycopy(rest.toByteArray(), 0, all, first.length(), rest.size());
      return all;
    }
  }
}
