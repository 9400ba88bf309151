package antiphon.http.wire;

import antiphon.core.response.Owner;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request and its answer. Handled by one virtual thread; only {@link #onGone} may come in. */
public final class Exchange {

  private final HttpServerRequest request;
  private final byte[] body;
  private final Watch watch;
  private final String id;
  private final Query query;
  private final List<Runnable> whenGone = new ArrayList<>();
  private Map<String, String> params = Map.of();
  private @Nullable Owner owner;
  private boolean doneMarker;
  private boolean answered;
  private boolean gone;

  Exchange(HttpServerRequest request, byte[] body, Watch watch, String id) {
    this.request = request;
    this.body = body;
    this.watch = watch;
    this.id = id;
    this.query = new Query(request.query());
  }

  /** {@code x-request-id}. */
  public String id() {
    return id;
  }

  public HttpMethod method() {
    return request.method();
  }

  /** The path as it came, percent-encoded. */
  public String path() {
    String path = request.path();
    return path == null ? "" : path;
  }

  /** All values of a header. */
  public List<String> headers(String name) {
    return request.headers().getAll(name);
  }

  /** The body; empty if there was none. */
  public byte[] body() {
    return body;
  }

  public Query query() {
    return query;
  }

  /** A variable of the route's path. */
  public String param(String name) {
    String value = params.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no {" + name + "}");
    }
    return value;
  }

  void matched(Map<String, String> found, boolean streamsEndWithMarker) {
    params = found;
    doneMarker = streamsEndWithMarker;
  }

  /** Whether streams of this mount end with {@code [DONE]}. */
  boolean doneMarker() {
    return doneMarker;
  }

  void authenticated(Owner who) {
    owner = who;
  }

  /** On whose behalf; only behind authentication. */
  public Owner owner() {
    if (owner == null) {
      throw new IllegalStateException("the route needs no key, so there is no owner");
    }
    return owner;
  }

  /** Runs this at once when the client leaves before its answer is complete. */
  public void onGone(Runnable action) {
    synchronized (whenGone) {
      if (!gone) {
        whenGone.add(action);
        return;
      }
    }
    action.run();
  }

  void gone() {
    List<Runnable> actions;
    synchronized (whenGone) {
      gone = true;
      actions = List.copyOf(whenGone);
      whenGone.clear();
    }
    actions.forEach(Runnable::run);
  }

  boolean isGone() {
    synchronized (whenGone) {
      return gone;
    }
  }

  /** Whether an answer has begun. */
  boolean answered() {
    return answered;
  }

  /** Adds a header to the answer. */
  public Exchange header(String name, String value) {
    request.response().putHeader(name, value);
    return this;
  }

  /** Answers with JSON. */
  public void json(int status, byte[] json) {
    answer(status, "application/json", json);
  }

  /** Answers with a whole body. */
  public void answer(int status, String contentType, byte[] content) {
    answered = true;
    if (isGone()) {
      return;
    }
    HttpServerResponse response = request.response();
    response.setStatusCode(status).putHeader("content-type", contentType);
    watch.enter(Watch.State.SENDING);
    var _ =
        response.end(Buffer.buffer(content)).onComplete(_ -> watch.enter(Watch.State.IDLE));
  }

  /** Answers with a stream of events. */
  public EventStream events(HttpSettings settings) {
    answered = true;
    HttpServerResponse response = request.response();
    response
        .setStatusCode(200)
        .setChunked(true)
        .putHeader("content-type", "text/event-stream; charset=utf-8")
        .putHeader("cache-control", "no-cache")
        .putHeader("x-accel-buffering", "no");
    return new EventStream(response, this, watch, settings);
  }

  /** The client has not sent its body in full and is not to be waited for. */
  void closeAfterwards() {
    request.response().putHeader("connection", "close");
  }
}
