package antiphon.http.wire;

import antiphon.core.health.Pulse;
import antiphon.http.error.Refusal;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** One event loop with its own server instance and its share of the connections. */
final class Loop extends VerticleBase {

  /** How often deadlines are looked at: none is met later than this. */
  private static final long SWEEP_MILLIS = 100;

  private final SocketAddress address;
  private final HttpServerOptions options;
  private final Exchange.Context shared;
  private final Executor workers;
  private final ExchangeHandler handler;
  private final IdentityHashMap<HttpConnection, Connection> connections = new IdentityHashMap<>();
  private final Heads heads;
  private final Works works = new Works(new Intake());
  private final Pulse pulse = new Pulse("event loop", Duration.ofSeconds(5));
  private @Nullable HttpServer server;

  Loop(
      SocketAddress address,
      HttpServerOptions options,
      Exchange.Context shared,
      Executor workers,
      ExchangeHandler handler) {
    this.address = address;
    this.options = options;
    this.shared = shared;
    this.workers = workers;
    this.handler = handler;
    this.heads = Heads.forLoops(shared.settings().eventLoops());
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep());
    HttpServer made =
        vertx
            .createHttpServer(options)
            .connectionHandler(this::connected)
            .requestHandler(request -> begin(request, hostless(request)))
            .invalidRequestHandler(request -> begin(request, malformed(request)))
            .exceptionHandler(_ -> {});
    server = made;
    return made.listen(address);
  }

  /** The port it listens on. */
  int port() {
    HttpServer listening = server;
    if (listening == null) {
      throw new IllegalStateException("not started");
    }
    return listening.actualPort();
  }

  private void connected(HttpConnection wire) {
    Connection connection = new Connection(wire, works, shared.settings(), heads.new Account());
    // Without a handler every reset connection would be an error in the log.
    wire.exceptionHandler(_ -> {});
    if (shared.connections().incrementAndGet() > shared.settings().maxConnections()) {
      wire.closeHandler(_ -> {
        shared.connections().decrementAndGet();
        connection.closed();
      });
      connection.cut();
      return;
    }
    connections.put(wire, connection);
    connection.whenClosed(() -> {
      shared.connections().decrementAndGet();
      connections.remove(wire);
    });
    wire.closeHandler(_ -> connection.closed());
  }

  private void onLoop(Runnable work) {
    context.runOnContext(_ -> work.run());
  }

  /** What the loop does for its connections, all of it on the loop. */
  final class Works {
    private final Intake intake;

    private Works(Intake intake) {
      this.intake = intake;
    }

    /** The next thing that it does; called on any thread. */
    void now(Runnable work) {
      onLoop(work);
    }

    void after(long millis, Runnable work) {
      vertx.setTimer(millis, _ -> work.run());
    }

    Intake intake() {
      return intake;
    }
  }

  private void begin(HttpServerRequest request, @Nullable Refusal malformed) {
    Connection connection = connections.get(request.connection());
    if (connection == null) {
      return;
    }
    Exchange exchange = new Exchange(request, connection, shared, malformed);
    connection.begin(exchange);
    exchange.start(() -> handOver(exchange));
  }

  private void handOver(Exchange exchange) {
    try {
      workers.execute(() -> handler.handle(exchange));
    } catch (RejectedExecutionException _) {
      exchange.cut();
    }
  }

  /** RFC 9112, section 3.2. */
  private static @Nullable Refusal hostless(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_1_1
            && request.headers().getAll(HttpHeaders.HOST).size() != 1
        ? Refusal.http(400, "The request needs exactly one Host header.", "invalid_http")
        : null;
  }

  private static Refusal malformed(HttpServerRequest request) {
    return switch (request.decoderResult().cause()) {
      case TooLongHttpLineException _ ->
          Refusal.http(414, "The request line is too long.", "uri_too_long");
      case TooLongHttpHeaderException _ ->
          Refusal.http(431, "The request's headers are too large.", "headers_too_large");
      default -> Refusal.http(400, "The request is not valid HTTP/1.1.", "invalid_http");
    };
  }

  /** Beats with each sweep: a loop that is blocked, or dead, is late. */
  Pulse pulse() {
    return pulse;
  }

  private void sweep() {
    pulse.work();
    long now = Connection.now();
    List<Connection> overdue = null;
    for (Connection connection : connections.values()) {
      if (connection.overdue(now)) {
        overdue = overdue == null ? new ArrayList<>() : overdue;
        overdue.add(connection);
      }
    }
    if (overdue != null) {
      overdue.forEach(connection -> connection.check(now));
    }
  }

  /** Accepts nothing more, and lets what runs end in this time. */
  Future<Void> stopAccepting(Duration grace) {
    HttpServer listening = server;
    return listening == null ? Future.succeededFuture() : listening.shutdown(grace);
  }

  /** Closes every connection that is left. */
  void cutAll() {
    onLoop(() -> List.copyOf(connections.values()).forEach(Connection::cut));
  }
}
