package antiphon.http.wire;

import antiphon.http.error.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A request's body: counted while it comes, kept until its end, dropped once it is too long. Short
 * ones are read before the request is handed on; others wait until the handler asks for them, so
 * that nobody without a key makes the server hold megabytes.
 */
final class Body {

  /** A body that declares no more than this is read at once. */
  private static final int SHORT = 64 * 1024;

  private static final byte[] NONE = new byte[0];

  private sealed interface Outcome {
    record Whole(byte[] bytes) implements Outcome {}

    record Refused(Refusal refusal) implements Outcome {}

    record Lost() implements Outcome {}
  }

  private final HttpServerRequest request;
  private final Connection connection;
  private final int limit;
  private final Runnable whenEnded;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final boolean expectsContinue;
  private final long declared;
  private boolean reading;
  private byte[] bytes = NONE;
  private int count;
  private volatile boolean ended;

  /**
   * Called on the event loop, before the request's handler returns.
   *
   * @param limit the most bytes allowed
   * @param whenEnded called on the loop when all of a body has come, wanted or not
   */
  Body(HttpServerRequest request, Connection connection, int limit, Runnable whenEnded) {
    this.request = request;
    this.connection = connection;
    this.limit = limit;
    this.whenEnded = whenEnded;
    this.declared = declared(request);
    this.expectsContinue = "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
    if (declared == 0) {
      ended = true;
      outcome.complete(new Outcome.Whole(NONE));
    }
  }

  /** The bytes announced; 0 for no body, -1 for a chunked one. */
  private static long declared(HttpServerRequest request) {
    if (!request.decoderResult().isSuccess()) {
      return 0;
    }
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      return -1;
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length.trim());
    } catch (NumberFormatException _) {
      return Long.MAX_VALUE;
    }
  }

  /**
   * Takes the request's data from now on.
   *
   * @param ready called when the request can be handed on: now, or when its short body is there
   */
  void listen(Runnable ready) {
    if (declared == 0) {
      ready.run();
      return;
    }
    request.handler(this::received);
    request.endHandler(_ -> end());
    request.exceptionHandler(_ -> finish(new Outcome.Lost()));
    if (!isShort()) {
      request.pause();
      ready.run();
      return;
    }
    start();
    var _ =
        outcome.thenAccept(how -> {
          if (!(how instanceof Outcome.Lost)) {
            ready.run();
          }
        });
  }

  private boolean isShort() {
    return declared >= 0 && declared <= SHORT && !expectsContinue;
  }

  private void start() {
    if (reading || outcome.isDone()) {
      return;
    }
    reading = true;
    if (declared > limit) {
      // Refused before a byte of it is asked for.
      finish(new Outcome.Refused(Refusal.bodyTooLarge(limit)));
      return;
    }
    connection.awaitBody();
    if (expectsContinue) {
      request.response().writeContinue();
    }
    request.resume();
  }

  private void received(Buffer data) {
    if (outcome.isDone()) {
      return;
    }
    int more = data.length();
    if (more > limit - count) {
      finish(new Outcome.Refused(Refusal.bodyTooLarge(limit)));
      return;
    }
    if (bytes.length < count + more) {
      long wanted = Math.max(declared <= SHORT ? declared : 0, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(count + more, wanted)));
    }
    data.getBytes(0, more, bytes, count);
    count += more;
    connection.received(more);
  }

  private void end() {
    ended = true;
    finish(new Outcome.Whole(bytes.length == count ? bytes : Arrays.copyOf(bytes, count)));
    whenEnded.run();
  }

  private void finish(Outcome how) {
    if (outcome.complete(how)) {
      bytes = NONE;
      connection.bodyDone();
    }
  }

  /** Waits for the whole body; on a virtual thread. */
  byte[] read() throws InterruptedException {
    if (!outcome.isDone()) {
      connection.onLoop(this::start);
    }
    try {
      return switch (outcome.get()) {
        case Outcome.Whole(byte[] whole) -> whole;
        case Outcome.Refused(Refusal refusal) -> throw refusal;
        case Outcome.Lost _ -> throw new ClientGone();
      };
    } catch (ExecutionException e) {
      throw new IllegalStateException("a body ends with an outcome, not a failure", e);
    }
  }

  /** The time for the body is over; false if nobody waits for it. */
  boolean late() {
    return outcome.complete(new Outcome.Refused(Refusal.slowBody()));
  }

  /** The answer is there: what still comes is read and dropped. */
  void drop() {
    finish(new Outcome.Lost());
    request.resume();
  }

  /** Whether all of it has come. */
  boolean ended() {
    return ended;
  }
}
