package antiphon.http;

import antiphon.core.api.Containers;
import antiphon.core.api.Prompts;
import antiphon.http.wire.HttpSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A server on a free port with scripted operations, and a client for it. */
final class TestServer implements AutoCloseable {

  final ScriptedApi api = new ScriptedApi();
  final ScriptedApi.TwoKeys keys = new ScriptedApi.TwoKeys();
  final MemoryFiles files = new MemoryFiles();
  final AtomicBoolean ready = new AtomicBoolean(true);
  final HttpServer server;
  final int port;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  TestServer(HttpSettings settings) {
    server =
        new HttpServer(
            settings,
            new Api(
                api,
                new NoConversations(),
                new ScriptedApi.TwoModels(),
                keys,
                Unserved.of(Prompts.class),
                files,
                Unserved.of(Containers.class),
                null,
                null,
                null),
            ready::get,
            InstantSource.system());
    port = server.start();
  }

  TestServer() {
    this(settings(Limits.PATIENT));
  }

  /** How long the server waits, and the longest body. */
  record Limits(
      int maxBody,
      long header,
      long body,
      long idle,
      long heartbeat,
      long write,
      String cors,
      long maxBodies,
      int connections) {
    static final Limits PATIENT =
        new Limits(64 * 1024 * 1024, 20_000, 20_000, 20_000, 2500, 20_000, "", 1 << 28, 10_000);

    Limits maxBody(int bytes) {
      return new Limits(bytes, header, body, idle, heartbeat, write, cors, maxBodies, connections);
    }

    Limits header(long millis) {
      return new Limits(
          maxBody, millis, body, idle, heartbeat, write, cors, maxBodies, connections);
    }

    Limits body(long millis) {
      return new Limits(
          maxBody, header, millis, idle, heartbeat, write, cors, maxBodies, connections);
    }

    Limits idle(long millis) {
      return new Limits(
          maxBody, header, body, millis, heartbeat, write, cors, maxBodies, connections);
    }

    Limits heartbeat(long millis) {
      return new Limits(maxBody, header, body, idle, millis, write, cors, maxBodies, connections);
    }

    Limits write(long millis) {
      return new Limits(
          maxBody, header, body, idle, heartbeat, millis, cors, maxBodies, connections);
    }

    Limits maxBodies(long bytes) {
      return new Limits(maxBody, header, body, idle, heartbeat, write, cors, bytes, connections);
    }

    Limits connections(int most) {
      return new Limits(maxBody, header, body, idle, heartbeat, write, cors, maxBodies, most);
    }

    Limits cors(String origin) {
      return new Limits(
          maxBody, header, body, idle, heartbeat, write, origin, maxBodies, connections);
    }
  }

  static HttpSettings settings(Limits limits) {
    return new HttpSettings(
        "127.0.0.1",
        0,
        2,
        limits.maxBody,
        limits.maxBodies,
        limits.connections,
        Duration.ofMillis(limits.header),
        Duration.ofMillis(limits.body),
        Duration.ofMillis(limits.idle),
        Duration.ofMillis(limits.heartbeat),
        Duration.ofMillis(limits.write),
        limits.cors.isEmpty() ? Set.of() : Set.of(limits.cors));
  }

  static TestServer with(Limits limits) {
    return new TestServer(settings(limits));
  }

  /** A request with a key, to be changed. */
  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(20))
        .header("authorization", "Bearer " + ScriptedApi.KEY);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(to(path));
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return send(
        to(path)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  HttpResponse<String> method(String method, String path) throws IOException, InterruptedException {
    return send(to(path).method(method, HttpRequest.BodyPublishers.noBody()));
  }

  RawClient raw() throws IOException {
    return new RawClient(port);
  }

  @Override
  public void close() {
    client.close();
    server.close(Duration.ZERO);
  }
}
