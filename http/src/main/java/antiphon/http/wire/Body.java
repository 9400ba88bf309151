package antiphon.http.wire;

import antiphon.http.error.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A request's body: counted while it comes, kept until its end, dropped once it is too long. A few
 * short ones are read before the request is handed on, which is cheaper; all others wait until the
 * handler asks for them, so that nobody without a key makes the server hold much. Memory is taken
 * for what has come, never for what was announced.
 */
final class Body {

  private sealed interface Outcome {
    record Whole(BodyBytes bytes) implements Outcome {}

    record Refused(Refusal refusal) implements Outcome {}

    record Lost() implements Outcome {}
  }

  private final HttpServerRequest request;
  private final Connection connection;
  private final int limit;
  private final BodyBudget budget;
  private final BodyBudget.Share share;
  private final Runnable whenEnded;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final boolean expectsContinue;
  private final long declared;
  private boolean reading;
  private boolean early;
  private @Nullable BodyFlow flow;
  private final BodyBytes bytes;
  private long come;
  private boolean heldUp;
  private boolean full;
  private volatile boolean ended;

  /**
   * Called on the event loop, before the request's handler returns.
   *
   * @param limit the most bytes allowed
   * @param budget what all bodies may take together
   * @param whenEnded called on the loop when all of a body has come, wanted or not
   */
  Body(
      HttpServerRequest request,
      Connection connection,
      int limit,
      BodyBudget budget,
      Runnable whenEnded) {
    this.request = request;
    this.connection = connection;
    this.limit = limit;
    this.budget = budget;
    this.whenEnded = whenEnded;
    this.declared = declared(request);
    this.share = budget.share(declared);
    this.bytes = new BodyBytes(share);
    this.expectsContinue = "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
    if (declared == 0) {
      ended = true;
      outcome.complete(new Outcome.Whole(bytes));
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

  private boolean upgrades() {
    return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
  }

  /**
   * Takes the request's data from now on.
   *
   * @param ready called when the request can be handed on: now, or when its body is there, if that
   *     is short and one of the few that are waited for
   */
  void listen(Runnable ready) {
    if (declared == 0) {
      if (upgrades()) {
        // Once its end has been read, no WebSocket can be made of it any more.
        request.pause();
      }
      ready.run();
      return;
    }
    request.handler(this::received);
    request.endHandler(_ -> end());
    request.exceptionHandler(_ -> finish(new Outcome.Lost()));
    if (!isShort() || !budget.enterEarly()) {
      request.pause();
      ready.run();
      return;
    }
    early = true;
    start();
    var _ =
        outcome.thenAccept(how -> {
          if (!(how instanceof Outcome.Lost)) {
            ready.run();
          }
        });
  }

  private boolean isShort() {
    return declared >= 0 && declared <= BodyBudget.EARLY_BYTES && !expectsContinue;
  }

  private void start() {
    if (reading || outcome.isDone()) {
      return;
    }
    reading = true;
    long most = flow == null ? limit : flow.most();
    if (declared > most) {
      // Refused before a byte of it is asked for.
      finish(new Outcome.Refused(Refusal.bodyTooLarge(most)));
      return;
    }
    if (flow == null && !budget.has(declared)) {
      finish(new Outcome.Refused(Refusal.tooManyBytes()));
      return;
    }
    connection.awaitBody();
    if (expectsContinue) {
      request.response().writeContinue();
    }
    request.resume();
  }

  private void received(Buffer data) {
    holdUp(data.length());
    if (outcome.isDone()) {
      return;
    }
    int more = data.length();
    if (flow != null) {
      connection.received(more);
      if (!flow.add(data)) {
        finish(new Outcome.Refused(Refusal.bodyTooLarge(flow.most())));
      }
      return;
    }
    if (more > limit - bytes.length()) {
      finish(new Outcome.Refused(Refusal.bodyTooLarge(limit)));
      return;
    }
    long most = declared < 0 ? limit : Math.min(declared, limit);
    if (!bytes.add(data, most - bytes.length())) {
      finish(new Outcome.Refused(Refusal.tooManyBytes()));
      return;
    }
    connection.received(more);
  }

  /** Reads no further for a moment if too much has come of late, of this body or of others. */
  private void holdUp(int more) {
    come += more;
    if (come <= Intake.FREE) {
      return;
    }
    long millis = connection.intake(more);
    if (millis > 0 && !heldUp) {
      heldUp = true;
      request.pause();
      connection.after(millis, this::goOn);
    }
  }

  private void goOn() {
    heldUp = false;
    resume();
  }

  private void resume() {
    if (!heldUp && (!full || outcome.isDone())) {
      request.resume();
    }
  }

  private void end() {
    ended = true;
    finish(new Outcome.Whole(bytes));
    whenEnded.run();
  }

  private void finish(Outcome how) {
    if (outcome.complete(how)) {
      done();
      if (!(how instanceof Outcome.Whole)) {
        bytes.clear();
      }
    }
  }

  private void startFlow(BodyFlow wanted) {
    if (!outcome.isDone()) {
      flow = wanted;
      start();
    }
  }

  private void done() {
    connection.bodyDone();
    if (early) {
      early = false;
      budget.leaveEarly();
    }
  }

  /** Waits for the whole body; on a virtual thread. */
  BodyBytes read() throws InterruptedException {
    if (!outcome.isDone()) {
      connection.onLoop(this::start);
    }
    try {
      return switch (outcome.get()) {
        case Outcome.Whole(BodyBytes whole) -> whole;
        case Outcome.Refused(Refusal refusal) -> throw refusal;
        case Outcome.Lost _ -> throw new ClientGone();
      };
    } catch (ExecutionException e) {
      throw new IllegalStateException("a body ends with an outcome, not a failure", e);
    }
  }

  /**
   * Reads the body part by part, which need not fit the memory; on a virtual thread, once, instead
   * of {@link #read}.
   *
   * @param most bytes that it may have
   * @throws Refusal 503 if there is no memory even for a part
   */
  BodyParts parts(long most) throws InterruptedException {
    if (outcome.isDone()) {
      BodyBytes whole = read();
      if (whole.length() > most) {
        throw Refusal.bodyTooLarge(most);
      }
      return BodyParts.of(whole.join());
    }
    hold(BodyFlow.HELD);
    BodyFlow wanted =
        new BodyFlow(
            most,
            this::stop,
            () -> connection.onLoop(this::resumed),
            () -> {
              var _ = read();
            });
    var _ = outcome.whenComplete((_, _) -> wanted.end());
    connection.onLoop(() -> startFlow(wanted));
    return wanted;
  }

  private void stop() {
    full = true;
    request.pause();
  }

  private void resumed() {
    full = false;
    if (!outcome.isDone()) {
      resume();
    }
  }

  /** The time for the body is over; false if nobody waits for it. */
  boolean late() {
    boolean waited = !outcome.isDone();
    finish(new Outcome.Refused(Refusal.slowBody()));
    return waited;
  }

  /**
   * Counts so many bytes more, made of the body, as its own; called on any thread.
   *
   * @throws Refusal if all requests together have too many
   */
  void hold(long more) {
    if (!share.take(more)) {
      throw Refusal.tooManyBytes();
    }
  }

  /** The request is over: what it held is free. */
  void release() {
    share.release();
    finish(new Outcome.Lost());
  }

  /** The answer is there: what still comes is read and dropped. */
  void drop() {
    finish(new Outcome.Lost());
    resume();
  }

  /** Whether all of it has come. */
  boolean ended() {
    return ended;
  }
}
