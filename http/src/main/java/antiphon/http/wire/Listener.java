package antiphon.http.wire;

import antiphon.core.health.Pulse;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Listens, with one Vert.x server instance an event loop, and hands each request to a virtual
 * thread of its own. Vert.x's own virtual threads cost several times more for each write.
 */
public final class Listener {

  private static final int MAX_LINE = 16 * 1024;
  private static final int MAX_HEAD = 32 * 1024;
  private static final int READ_AT_ONCE = 64 * 1024;
  private static final int BACKLOG = 4096;

  /**
   * What the system keeps for a connection, in bytes. By itself it would let this grow to megabytes
   * for a client that does not read, and for one whose body nobody has asked for.
   */
  private static final int SENDING = 128 * 1024;

  private static final int RECEIVING = 256 * 1024;

  /** How long a WebSocket's client may take to say goodbye. */
  private static final int CLOSING_SECONDS = 2;

  /** For threads and sockets to go once nothing is left to wait for. */
  private static final Duration CLEANUP = Duration.ofSeconds(5);

  private final HttpSettings settings;
  private final ExchangeHandler handler;
  private final Exchange.Context shared;
  private final Queue<Loop> loops = new ConcurrentLinkedQueue<>();
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
  private @Nullable Vertx vertx;
  private volatile boolean stopping;

  /**
   * @param clock for the {@code Date} header
   */
  public Listener(HttpSettings settings, ExchangeHandler handler, InstantSource clock) {
    this.settings = settings;
    this.handler = handler;
    this.shared =
        new Exchange.Context(
            settings,
            new RequestIds(),
            new HttpDate(clock),
            () -> stopping,
            new BodyBudget(settings.maxBodiesBytes()),
            new AtomicInteger());
  }

  /**
   * Starts to listen.
   *
   * @return the port
   * @throws IllegalStateException if the address cannot be had
   */
  public synchronized int start() {
    if (vertx != null) {
      throw new IllegalStateException("already started");
    }
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(settings.eventLoops())
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    try {
      vertx
          .deployVerticle(this::loop, new DeploymentOptions().setInstances(settings.eventLoops()))
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      close(Duration.ZERO);
      throw new IllegalStateException(
          "cannot listen on " + settings.host() + ":" + settings.port(), e.getCause());
    }
    return loops.element().port();
  }

  /** The event loops; complete once it listens. */
  public List<Pulse> loops() {
    return loops.stream().map(Loop::pulse).toList();
  }

  private Loop loop() {
    Loop loop = new Loop(address(), options(), shared, workers, handler);
    loops.add(loop);
    return loop;
  }

  private SocketAddress address() {
    return settings.port() == 0
        // Any port that is free, the same one for all instances.
        ? SocketAddress.sharedRandomPort(1, settings.host())
        : SocketAddress.inetSocketAddress(settings.port(), settings.host());
  }

  /** HTTP/1.1 alone: with clear-text HTTP/2 on, Vert.x tells nobody of half a head. */
  private HttpServerOptions options() {
    HttpServerOptions options = new HttpServerOptions();
    options
        .setHttp2ClearTextEnabled(false)
        .setMaxInitialLineLength(MAX_LINE)
        .setMaxHeaderSize(MAX_HEAD)
        .setMaxChunkSize(READ_AT_ONCE)
        .setHandle100ContinueAutomatically(false)
        // Whole messages come in one frame; what is longer than a body may be is closed with 1009.
        .setMaxWebSocketFrameSize(settings.maxBodyBytes())
        .setMaxWebSocketMessageSize(settings.maxBodyBytes())
        .setWebSocketClosingTimeout(CLOSING_SECONDS)
        // What a packed message becomes nobody could bound.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setAcceptBacklog(BACKLOG)
        .setSendBufferSize(SENDING)
        .setReceiveBufferSize(RECEIVING)
        .setTcpKeepAlive(true);
    return options;
  }

  /**
   * Stops: nothing new is accepted, what runs may end, then every connection is cut.
   *
   * @param grace how long what runs may take
   */
  public synchronized void close(Duration grace) {
    stopping = true;
    Vertx running = vertx;
    if (running == null) {
      return;
    }
    List<Future<Void>> stops = loops.stream().map(loop -> loop.stopAccepting(grace)).toList();
    await(Future.join(stops), grace.plusMillis(500));
    loops.forEach(Loop::cutAll);
    workers.shutdown();
    try {
      if (!workers.awaitTermination(CLEANUP.toMillis(), TimeUnit.MILLISECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException _) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
    await(running.close(), CLEANUP);
    vertx = null;
  }

  /** Waits, but not for ever: whatever fails here, the process is about to end. */
  private static void await(Future<?> future, Duration patience) {
    try {
      future
          .toCompletionStage()
          .toCompletableFuture()
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException _) {
      // The next step closes by force.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
