package antiphon.tools.mcp.client;

import antiphon.core.net.ForbiddenAddress;
import antiphon.core.trace.TraceParent;
import antiphon.core.trace.TraceScope;
import antiphon.tools.mcp.client.McpException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * One request to a server and the head of its answer. Interrupting the thread closes it at once.
 */
final class Exchange implements AutoCloseable {

  private static final MediaType JSON = MediaType.get("application/json");
  private static final int MAX_REDIRECTS = 3;
  private static final int MAX_ERROR = 64 << 10;

  private final Deadlines.Watch watch;
  private volatile @Nullable Call call;
  private volatile boolean broken;
  private @Nullable Response response;

  /**
   * @param silence how long without a sign of life
   * @param whole how long in any case
   */
  Exchange(Deadlines deadlines, Duration silence, Duration whole) {
    watch = deadlines.watch(this::breakOff, silence, whole);
  }

  /** Ends it, from any thread. */
  void breakOff() {
    broken = true;
    Call running = call;
    if (running != null) {
      running.cancel();
    }
  }

  Deadlines.Watch watch() {
    return watch;
  }

  /**
   * Sends a request and waits for the head of the answer. Redirects are followed to the same place
   * only: the headers and the call itself are for nobody else.
   *
   * @param method GET, POST or DELETE
   * @param body null for none
   */
  Response send(
      McpServer server,
      HttpUrl url,
      String method,
      Map<String, String> headers,
      byte @Nullable [] body)
      throws IOException, McpException {
    HttpUrl target = url;
    for (int i = 0; ; i++) {
      Call next = server.http().newCall(request(server, target, method, headers, body));
      call = next;
      if (broken) {
        next.cancel();
      }
      Response got = next.execute();
      response = got;
      String location = got.header("Location");
      if (got.code() < 300 || got.code() > 399 || location == null) {
        return got;
      }
      target = redirect(target, got.code(), location);
      got.close();
      if (i == MAX_REDIRECTS) {
        throw new McpException(Kind.STATUS, got.code(), "The server redirects without an end.");
      }
    }
  }

  private static HttpUrl redirect(HttpUrl from, int status, String location) throws McpException {
    HttpUrl to = from.resolve(location);
    boolean upgraded =
        to != null
            && from.scheme().equals("http")
            && to.isHttps()
            && from.port() == 80
            && to.port() == 443;
    if (to == null
        || !to.host().equals(from.host())
        || !(upgraded || (to.port() == from.port() && to.scheme().equals(from.scheme())))) {
      throw new McpException(
          Kind.STATUS,
          status,
          "The server redirects to another place"
              + (to == null ? "" : " (" + to.host() + ")")
              + ", which is not followed.");
    }
    return to;
  }

  private static Request request(
      McpServer server,
      HttpUrl url,
      String method,
      Map<String, String> headers,
      byte @Nullable [] body) {
    Request.Builder request = new Request.Builder().url(url);
    TraceScope.outgoing().ifPresent(trace -> request.header(TraceParent.HEADER, trace));
    server.headers().forEach(request::header);
    request.header("User-Agent", "antiphon");
    headers.forEach(request::header);
    return request.method(method, body == null ? null : new Once(body)).build();
  }

  /** The media type, lower-case, without parameters. */
  static String type(Response response) {
    String type = String.valueOf(response.header("Content-Type"));
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** The whole body. */
  static byte[] body(Response response, long most) throws IOException, McpException {
    BufferedSource source = response.body().source();
    if (source.request(most + 1)) {
      throw EventLines.tooMuch(most);
    }
    return source.readByteArray();
  }

  /** The beginning of an error's body. */
  static byte[] beginning(Response response) throws IOException {
    BufferedSource source = response.body().source();
    source.request(MAX_ERROR);
    return source.readByteArray(Math.min(MAX_ERROR, source.getBuffer().size()));
  }

  /**
   * What a failure means.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  McpException failure(IOException e) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (watch.exceeded()) {
      return new McpException(Kind.TIMEOUT, "The server did not answer in time.");
    }
    return switch (e) {
      case ForbiddenAddress forbidden ->
          new McpException(Kind.UNREACHABLE, "The server's address " + forbidden.getMessage());
      case UnknownHostException _ ->
          new McpException(Kind.UNREACHABLE, "There is no host of the server's name.");
      case ConnectException _ ->
          new McpException(Kind.UNREACHABLE, "The server cannot be connected to.");
      case SocketTimeoutException _ when response == null ->
          new McpException(Kind.UNREACHABLE, "The server cannot be connected to in time.");
      case SSLException _ ->
          new McpException(Kind.UNREACHABLE, "No secure connection to the server can be made.");
      default ->
          new McpException(
              Kind.BROKEN_OFF, "The connection to the server ended before it had answered.");
    };
  }

  @Override
  public void close() {
    watch.close();
    Response got = response;
    Call running = call;
    if (running != null) {
      // First: closing a body else waits for what is left of it.
      running.cancel();
    }
    if (got != null) {
      got.close();
    }
  }

  /** Gives the connection back for others, where the whole answer has been read. */
  void finish() {
    watch.close();
    Objects.requireNonNull(response).close();
    call = null;
    response = null;
  }

  /**
   * The same where an answer has come and the stream behind it has not ended yet: somebody else
   * sees to it that it does, so that the connection can be used again.
   */
  void finishLater() {
    watch.close();
    Response got = Objects.requireNonNull(response);
    call = null;
    response = null;
    Thread.ofVirtual().name("antiphon-mcp-rest").start(got::close);
  }

  /** A body that is never sent a second time on OkHttp's own account: a call may have run. */
  private static final class Once extends RequestBody {

    private final byte[] bytes;

    Once(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public MediaType contentType() {
      return JSON;
    }

    @Override
    public long contentLength() {
      return bytes.length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(bytes);
    }
  }
}
