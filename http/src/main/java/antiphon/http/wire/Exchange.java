package antiphon.http.wire;

import antiphon.http.error.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer, in blocking style. Used by one virtual thread, except where a method
 * says otherwise.
 */
public final class Exchange {

  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");

  /** A longer body is written in slices, so that a slow reader is told from a stalled one. */
  private static final int AT_ONCE = 32 * 1024;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Connection connection;
  private final Body body;
  private final Outflow outflow;
  private final String requestId;
  private final HttpDate date;
  private final @Nullable Refusal malformed;
  private final int bodyLimit;
  private final Context context;
  private boolean begun;
  private volatile boolean closing;
  private volatile boolean answered;

  private final Object leaving = new Object();
  private boolean gone;
  private Runnable onGone = () -> {};

  Exchange(
      HttpServerRequest request,
      Connection connection,
      Context context,
      @Nullable Refusal malformed) {
    this.request = request;
    this.response = request.response();
    this.connection = connection;
    this.requestId = context.ids().next();
    this.date = context.date();
    this.closing = malformed != null || context.stopping().getAsBoolean();
    this.malformed = malformed;
    this.context = context;
    HttpSettings settings = context.settings();
    this.bodyLimit = settings.maxBodyBytes();
    this.outflow = new Outflow(response, settings.writeDeadline());
    this.body =
        new Body(
            request, connection, bodyLimit, context.bodies(), () -> connection.bodyEnded(this));
  }

  /** What the exchanges of a server share. */
  record Context(
      HttpSettings settings,
      RequestIds ids,
      HttpDate date,
      BooleanSupplier stopping,
      BodyBudget bodies,
      AtomicInteger connections) {}

  /** Why the request is no HTTP, or null: then nothing else about it can be trusted. */
  public @Nullable Refusal malformed() {
    return malformed;
  }

  /** The method, as sent. */
  public String method() {
    return request.method().name();
  }

  /** The path as sent, still percent-encoded. */
  public String path() {
    String path = request.path();
    return path == null ? "" : path;
  }

  /** What follows the question mark, as sent; empty if nothing does. */
  public String query() {
    String query = request.query();
    return query == null ? "" : query;
  }

  /** The header's first value, or null. */
  public @Nullable String header(CharSequence name) {
    return request.getHeader(name);
  }

  /** All values of a header. */
  public List<String> headers(CharSequence name) {
    return request.headers().getAll(name);
  }

  /** Names this exchange in the log and in the answer's {@code x-request-id}. */
  public String requestId() {
    return requestId;
  }

  /**
   * The whole request body; waits for it.
   *
   * @throws Refusal 413 if it is too long, 408 if it came too slowly
   * @throws ClientGone if the client left before its end
   */
  public BodyBytes body() throws InterruptedException {
    return body.read();
  }

  /**
   * The request body, part by part as it comes: it is not held in memory. Instead of {@link #body}.
   *
   * @param most bytes that it may have
   * @throws Refusal 503 if the memory for bodies is used up
   */
  public BodyParts bodyParts(long most) throws InterruptedException {
    return body.parts(most);
  }

  /** The most bytes that a body may have, packed or unpacked. */
  public int bodyLimit() {
    return bodyLimit;
  }

  /**
   * Counts memory made of the body, in bytes, as held until the answer has left.
   *
   * @throws Refusal 503 if all requests together hold too much
   */
  public void hold(long bytes) {
    body.hold(bytes);
  }

  /**
   * Calls this at once when the client leaves, or now if it has left; it replaces what was given
   * before. It is called on an event loop and must not block.
   */
  public void onGone(Runnable callback) {
    boolean already;
    synchronized (leaving) {
      onGone = callback;
      already = gone;
    }
    if (already) {
      callback.run();
    }
  }

  /** The connection is closed; called on the event loop. */
  void left() {
    Runnable callback;
    synchronized (leaving) {
      gone = true;
      callback = onGone;
    }
    outflow.left();
    body.release();
    callback.run();
  }

  /** Sets a header of the answer. */
  public void setHeader(CharSequence name, CharSequence value) {
    response.putHeader(name, value);
  }

  /** Answers with a whole body; nothing can follow. */
  public void send(int status, CharSequence contentType, byte[] bytes) throws InterruptedException {
    head(status, contentType);
    if (HttpMethod.HEAD.equals(request.method())) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length));
      end(Buffer.buffer());
    } else if (bytes.length <= AT_ONCE) {
      end(Buffer.buffer(bytes));
    } else {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length));
      write(bytes);
      end(Buffer.buffer());
    }
  }

  /** Answers with an empty body. */
  public void sendEmpty(int status) {
    head(status, "");
    end(Buffer.buffer());
  }

  /** Begins an answer of unknown length; the head goes out with the first {@link #write}. */
  public void open(int status, CharSequence contentType) {
    if (request.version() == HttpVersion.HTTP_1_0) {
      closing = true;
    }
    head(status, contentType);
  }

  /**
   * Writes a part of the answer. Blocks while the client is behind; one that reads nothing until
   * the write deadline is cut off.
   *
   * @throws ClientGone if the client has left or is cut off
   */
  public void write(byte[] bytes) throws InterruptedException {
    try {
      outflow.write(bytes);
    } catch (Outflow.Stalled _) {
      cut();
      throw new ClientGone();
    }
  }

  /** Ends an answer that was opened, with these bytes as the last. */
  public void finish(byte[] last) {
    end(Buffer.buffer(last));
  }

  /**
   * Makes a WebSocket of the connection; nothing else can be answered then.
   *
   * @throws ClientGone if the request was not what that needs, which the client has been told
   */
  public Socket upgrade() throws InterruptedException {
    CompletableFuture<Socket> made = new CompletableFuture<>();
    HttpSettings settings = context.settings();
    SocketIntake intake = new SocketIntake(context.bodies(), settings.bodyTimeout());
    connection.onLoop(() ->
        request
            .toWebSocket()
            .onSuccess(opened -> {
              Socket socket = new Socket(opened, connection, settings, intake);
              connection.upgraded(intake, socket::full);
              made.complete(socket);
            })
            .onFailure(made::completeExceptionally));
    begun = true;
    try {
      return made.get();
    } catch (ExecutionException e) {
      throw new ClientGone();
    }
  }

  /** Whether the answer has begun, so that no other can be given. */
  public boolean begun() {
    return begun;
  }

  /** Breaks the connection off, so that the client cannot take the answer for a whole one. */
  public void cut() {
    connection.cut();
  }

  private void head(int status, CharSequence contentType) {
    begun = true;
    response.setStatusCode(status);
    if (!contentType.isEmpty()) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    }
    response.putHeader(REQUEST_ID, requestId);
    response.putHeader(HttpHeaders.DATE, date.now());
    if (!body.ended()) {
      closing = true;
      connection.onLoop(body::drop);
    }
    if (closing) {
      // At the last moment, because Vert.x would put its own keep-alive for HTTP/1.0 in its place.
      response.headersEndHandler(
          _ -> response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
    }
  }

  private void end(Buffer last) {
    connection.flushing();
    response
        .end(last)
        .onSuccess(_ -> {
          answered = true;
          body.release();
          connection.replied(this, body.ended(), closing);
        });
  }

  /** Whether the whole answer has left; on the event loop. */
  boolean answered() {
    return answered;
  }

  /** Whether all of the body has come, or there is none. */
  boolean bodyEnded() {
    return body.ended();
  }

  /** About how many bytes the head had. */
  long headBytes() {
    long bytes = request.method().name().length() + request.uri().length() + 14L;
    for (var header : request.headers()) {
      bytes += header.getKey().length() + header.getValue().length() + 4L;
    }
    return bytes;
  }

  /** The time for the body is over; false if nobody waits for it. */
  boolean bodyLate() {
    return body.late();
  }

  /** Calls back when the request can be handed on, now or when its short body is there. */
  void start(Runnable ready) {
    body.listen(ready);
  }
}
