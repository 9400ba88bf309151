package antiphon.http.wire;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Listens, reads requests on event loops, one a core, and hands each to a virtual thread of its own.
 */
public final class Listener {

  private static final int SWEEP_MILLIS = 500;
  private static final int MAX_HEADER_BYTES = 16 * 1024;

  private final HttpSettings settings;
  private final Requests requests;
  private final ExecutorService handlers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
  private final ConcurrentHashMap<HttpConnection, Watch> watches = new ConcurrentHashMap<>();
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final Vertx vertx;

  public Listener(HttpSettings settings, Router router) {
    this.settings = settings;
    this.requests = new Requests(settings, router, handlers);
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1));
  }

  /**
   * Begins to listen.
   *
   * @return the port
   * @throws IllegalStateException if it cannot, saying why
   */
  public int start() {
    int instances = settings.port() == 0 ? 1 : Runtime.getRuntime().availableProcessors();
    await(
        vertx.deployVerticle(
            Instance::new, new DeploymentOptions().setInstances(instances)));
    long every = SWEEP_MILLIS;
    vertx.setPeriodic(every, _ -> sweep());
    return servers.getFirst().actualPort();
  }

  /** Takes no new connections. */
  public void stopAccepting() {
    watches.values().forEach(Watch::closeIfIdle);
    // Vert.x would close a server's connections with it; so it goes on to listen, and what comes is
    // turned away.
    requests.stop();
  }

  /** Waits for answers under way, then closes. */
  public void close(Duration grace) throws InterruptedException {
    handlers.shutdown();
    if (!handlers.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
      handlers.shutdownNow();
    }
    await(vertx.close());
  }

  private void sweep() {
    long now = System.nanoTime();
    watches.values().forEach(watch -> watch.sweep(settings, now));
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setHost(settings.host())
        .setPort(settings.port())
        .setTcpNoDelay(true)
        .setReuseAddress(true)
        .setAcceptBacklog(4096)
        .setHandle100ContinueAutomatically(true)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxInitialLineLength(MAX_HEADER_BYTES)
        .setHttp2ClearTextEnabled(false)
        .setCompressionSupported(false);
  }

  private void connected(HttpConnection connection) {
    Watch watch = new Watch(connection);
    watches.put(connection, watch);
    connection.closeHandler(_ -> watches.remove(connection));
  }

  private void handle(HttpServerRequest request) {
    Watch watch = watches.computeIfAbsent(request.connection(), Watch::new);
    requests.read(request, watch);
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the HTTP server did not answer within 30 s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** One event loop's share. */
  private final class Instance extends VerticleBase {
    @Override
    public Future<?> start() {
      HttpServer server =
          vertx
              .createHttpServer(options())
              .connectionHandler(Listener.this::connected)
              .requestHandler(Listener.this::handle)
              .invalidRequestHandler(requests::invalid);
      return server.listen().onSuccess(servers::add);
    }
  }
}
