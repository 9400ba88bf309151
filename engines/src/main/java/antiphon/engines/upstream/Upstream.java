package antiphon.engines.upstream;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.core.response.Problem.Engine.Kind;
import antiphon.core.trace.TraceParent;
import antiphon.core.trace.TraceScope;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Calls one engine over HTTP. Blocking calls on virtual threads: interrupting one closes its
 * socket, in whatever it waits. HTTP/1.1 alone, so that closing the connection is what stops the
 * engine and concerns no other call.
 */
public final class Upstream implements AutoCloseable {

  private static final MediaType JSON = MediaType.get("application/json");

  private static final int MOST_IDLE = 1024;

  private static final Duration PROBE = Duration.ofSeconds(3);

  /** Connections that may turn out dead in a row: others come back to the pool meanwhile. */
  private static final int MOST_STALE = 3;

  private final UpstreamSettings settings;
  private final InstantSource clock;
  private final Faults faults;
  private final Watchdog watchdog;
  private final Semaphore places;
  private final OkHttpClient client;
  private final HttpUrl base;

  /** By path, of which an engine has a few. */
  private final Map<String, HttpUrl> urls = new ConcurrentHashMap<>();

  public Upstream(UpstreamSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.base = HttpUrl.get(settings.baseUrl());
    this.faults = new Faults(settings);
    this.watchdog = new Watchdog(settings.name());
    this.places = new Semaphore(settings.maxConcurrency(), true);
    this.client =
        new OkHttpClient.Builder()
            .protocols(List.of(Protocol.HTTP_1_1))
            .connectionPool(Connections.pool(idle(settings), settings.idle()))
            .eventListener(Attempt.LISTENER)
            .socketFactory(new PromptSockets())
            .connectTimeout(settings.limits().connect())
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .build();
  }

  /** As many as may be busy, within reason: what is closed has to be opened again. */
  private static int idle(UpstreamSettings settings) {
    return Math.min(settings.maxConcurrency(), MOST_IDLE);
  }

  public UpstreamSettings settings() {
    return settings;
  }

  /**
   * Posts JSON and reads the answer, waiting for a place first. A busy or absent engine is called
   * again, as long as it has not begun to answer.
   *
   * @param path behind the base URL; with a slash in front, beside its {@code /v1}
   * @param limits of each attempt
   * @param reader reads the answer; its connection is closed when it returns or throws
   * @throws EngineException with what went wrong, in words for the client
   * @throws InterruptedException if interrupted; the connection is closed by then
   */
  public <T> T post(String path, byte[] json, Limits limits, AnswerReader<T> reader)
      throws EngineException, InterruptedException {
    Request request = request(path).post(RequestBody.create(json, JSON)).build();
    places.acquire();
    try {
      for (int attempt = 0; ; attempt++) {
        try {
          return once(request, limits, reader);
        } catch (TryAgain e) {
          if (attempt >= limits.retries() || !Backoff.bearable(e.asked)) {
            throw e.problem;
          }
          Thread.sleep(Backoff.pause(attempt, e.asked));
        }
      }
    } finally {
      places.release();
    }
  }

  /** Gets JSON, at once and once, within the given time. */
  public byte[] get(String path, Duration limit) throws EngineException, InterruptedException {
    Limits limits = settings.limits().within(settings.limits().connect(), limit, limit);
    try {
      return once(request(path).build(), limits.forTurn(limit, limits.turnBytes()), Exchange::all);
    } catch (TryAgain e) {
      throw e.problem;
    }
  }

  /**
   * Asks whether the engine is there: it is if it answers at all, though it knows no list of
   * models.
   *
   * @throws EngineException if it does not answer, or answers that it cannot serve
   */
  public void probe() throws EngineException, InterruptedException {
    try {
      var _ = get("models", PROBE);
    } catch (EngineException e) {
      if (!(e.problem() instanceof Problem.Engine engine && engine.kind() == Kind.BROKEN)
          && !(e.problem() instanceof Problem.Invalid)) {
        throw e;
      }
    }
  }

  /** Posts JSON and gets JSON, at once and once, within the given time. */
  public byte[] ask(String path, byte[] json, Duration limit)
      throws EngineException, InterruptedException {
    Limits limits = settings.limits().within(settings.limits().connect(), limit, limit);
    try {
      Request request = request(path).post(RequestBody.create(json, JSON)).build();
      return once(request, limits.forTurn(limit, limits.turnBytes()), Exchange::all);
    } catch (TryAgain e) {
      throw e.problem;
    }
  }

  /** What engines offer beyond the API stands beside its version, not below it. */
  private static HttpUrl url(HttpUrl base, String path) {
    String given = base.encodedPath();
    String below = given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
    String whole =
        path.startsWith("/") ? below.replaceFirst("/v1$", "") + path : below + "/" + path;
    return base.newBuilder().encodedPath(whole).build();
  }

  private Request.Builder request(String path) {
    Request.Builder request =
        new Request.Builder().url(urls.computeIfAbsent(path, p -> url(base, p)));
    TraceScope.outgoing().ifPresent(trace -> request.header(TraceParent.HEADER, trace));
    settings.headers().forEach(request::header);
    if (settings.apiKey() != null && settings.keyHeader() != null) {
      request.header(settings.keyHeader(), settings.apiKey());
    } else if (settings.apiKey() != null) {
      request.header("Authorization", "Bearer " + settings.apiKey());
    }
    return request.header("Accept", "text/event-stream, application/json");
  }

  private <T> T once(Request request, Limits limits, AnswerReader<T> reader)
      throws EngineException, InterruptedException, TryAgain {
    for (int stale = 0; ; stale++) {
      Attempt attempt = new Attempt();
      Call call = client.newCall(request.newBuilder().tag(Attempt.class, attempt).build());
      try {
        return once(call, limits, reader);
      } catch (TryAgain e) {
        if (!e.unanswered || !attempt.wasStale() || stale >= MOST_STALE) {
          throw e;
        }
        // One that the engine has closed meanwhile; those that were idle with it are no better.
        client.connectionPool().evictAll();
      }
    }
  }

  private <T> T once(Call call, Limits limits, AnswerReader<T> reader)
      throws EngineException, InterruptedException, TryAgain {
    boolean answering = false;
    boolean done = false;
    try (Watchdog.Watch watch = watchdog.watch(call, limits)) {
      try (Response response = call.execute()) {
        Exchange exchange = new Exchange(response, watch, limits, faults);
        if (!response.isSuccessful()) {
          throw refused(response, exchange);
        }
        answering = true;
        T read = reader.read(exchange);
        done = true;
        return read;
      } catch (IOException e) {
        throw broken(e, watch, answering);
      } catch (EventStream.Nonsense e) {
        throw faults.broken(e.what());
      }
    } finally {
      if (!done) {
        call.cancel();
      }
    }
  }

  private TryAgain refused(Response response, Exchange exchange)
      throws IOException, EngineException {
    Duration asked = RetryAfter.of(response.header("Retry-After"), clock);
    EngineException problem = faults.status(response.code(), exchange.beginning(), asked);
    return switch (response.code()) {
      case 429, 500, 502, 503, 504 -> new TryAgain(problem, asked);
      default -> throw problem;
    };
  }

  /** What an input or output error stands for: an interrupt, a limit, or the engine's own fault. */
  private TryAgain broken(IOException e, Watchdog.Watch watch, boolean answering)
      throws EngineException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    String limit = watch.exceeded();
    if (limit != null) {
      throw faults.timeout(limit);
    }
    if (answering) {
      throw faults.broken("broke off in the middle of its answer", e);
    }
    return switch (e) {
      case ConnectException _, UnknownHostException _, NoRouteToHostException _ ->
          new TryAgain(faults.unavailable("cannot be reached", e), null);
      case SocketTimeoutException _ -> throw faults.timeout("did not accept a connection in time");
      case SSLException _ -> throw faults.unavailable("cannot be reached safely over TLS", e);
      case ProtocolException _ ->
          new TryAgain(faults.broken("closed the connection without an answer", e), null);
      default -> new TryAgain(faults.broken("closed the connection without an answer", e));
    };
  }

  @Override
  public void close() {
    watchdog.close();
    client.connectionPool().evictAll();
    client.dispatcher().executorService().shutdown();
  }

  /** Reads an engine's answer, on the calling thread. */
  @FunctionalInterface
  public interface AnswerReader<T> {

    /** Reads it to its end. */
    T read(Exchange exchange)
        throws IOException, EventStream.Nonsense, EngineException, InterruptedException;
  }

  /** The engine has not begun to answer: another attempt may help. */
  private static final class TryAgain extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient EngineException problem;
    private final transient @Nullable Duration asked;
    private final boolean unanswered;

    TryAgain(EngineException problem, @Nullable Duration asked) {
      this(problem, asked, false);
    }

    /** The connection broke without a byte of an answer. */
    TryAgain(EngineException problem) {
      this(problem, null, true);
    }

    private TryAgain(EngineException problem, @Nullable Duration asked, boolean unanswered) {
      super(problem.getMessage(), problem, false, false);
      this.problem = problem;
      this.asked = asked;
      this.unanswered = unanswered;
    }
  }
}
