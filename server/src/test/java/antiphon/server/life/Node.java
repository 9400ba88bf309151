package antiphon.server.life;

import antiphon.core.api.Containers;
import antiphon.core.api.Responses;
import antiphon.core.create.ReasoningSeal;
import antiphon.core.engine.Engine;
import antiphon.core.engine.Engines;
import antiphon.core.prompt.ConfiguredPrompts;
import antiphon.core.run.RunnerSettings;
import antiphon.core.step.RunListener;
import antiphon.core.store.Retention;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.http.wire.HttpSettings;
import antiphon.server.settings.KnowledgeSettings;
import antiphon.server.wiring.Knowledge;
import antiphon.server.wiring.KnowledgeStorage;
import antiphon.server.wiring.Server;
import antiphon.server.wiring.Storage;
import antiphon.tools.history.HistoryRunner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole server over SQLite with a given engine, and a plain client for it. */
final class Node implements AutoCloseable {

  private static final JsonMapper MAPPER = new JsonMapper();

  private final Storage storage;
  private final @Nullable Knowledge knowledge;
  private final Server server;
  private final String base;
  private final String key;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Node(Path folder, Engine engine) {
    this(folder, engine, 64);
  }

  Node(Path folder, Engine engine, int maxRunning) {
    this(Stores.sqlite(folder), settings(maxRunning, 1000), engine);
  }

  /** A node with several engines and SQLite. */
  Node(Path folder, Engines engines) {
    this(
        Stores.sqlite(folder),
        settings(engines.concurrency(), 1000),
        engines,
        ReasoningSeal.fleeting());
  }

  /** The same, on a store and with a seal that other nodes may have too. */
  Node(Storage storage, Engines engines, ReasoningSeal seal) {
    this(storage, settings(engines.concurrency(), 1000), engines, seal);
  }

  /**
   * A node on a store that others may share.
   *
   * @param storage is closed with the node
   */
  Node(Storage storage, RunnerSettings run, Engine engine) {
    this(storage, run, new Engines(List.of(engine)), ReasoningSeal.fleeting());
  }

  /** A node with SQLite that runs as it is told. */
  Node(Path folder, RunnerSettings run, Engines engines) {
    this(Stores.sqlite(folder), run, engines, ReasoningSeal.fleeting());
  }

  private Node(Storage storage, RunnerSettings run, Engines engines, ReasoningSeal seal) {
    this(storage, run, engines, seal, ServerTools.NONE);
  }

  /** A node that runs tools. */
  Node(Storage storage, RunnerSettings run, Engine engine, ServerTools tools) {
    this(storage, run, new Engines(List.of(engine)), ReasoningSeal.fleeting(), tools);
  }

  /** The same with a seal that other nodes may have too. */
  Node(Storage storage, Engine engine, ReasoningSeal seal, ServerTools tools) {
    this(storage, settings(64, 1000), new Engines(List.of(engine)), seal, tools);
  }

  private Node(
      Storage storage, RunnerSettings run, Engines engines, ReasoningSeal seal, ServerTools tools) {
    this(storage, run, engines, seal, tools, null, false);
  }

  /** A node that has containers too. */
  Node(Storage storage, Engine engine, ServerTools tools, Containers containers) {
    this(
        storage,
        settings(8, 100),
        new Engines(List.of(engine)),
        ReasoningSeal.fleeting(),
        tools,
        containers,
        false);
  }

  /** A node that is listened to. */
  Node(Storage storage, Engine engine, ServerTools tools, RunListener listener) {
    this(
        storage,
        settings(8, 100),
        new Engines(List.of(engine)),
        ReasoningSeal.fleeting(),
        tools,
        null,
        false,
        null,
        listener);
  }

  /** A node that searches files and remembers. */
  Node(Storage storage, Engine engine) {
    this(
        storage,
        settings(8, 100),
        new Engines(List.of(engine)),
        ReasoningSeal.fleeting(),
        ServerTools.NONE,
        null,
        true);
  }

  /**
   * A node that indexes files in a way of its own.
   *
   * @param knowledge of this storage; closed with the node
   */
  Node(Storage storage, Engine engine, Knowledge knowledge) {
    this(
        storage,
        settings(8, 100),
        new Engines(List.of(engine)),
        ReasoningSeal.fleeting(),
        ServerTools.NONE,
        null,
        false,
        knowledge,
        RunListener.NONE);
  }

  private Node(
      Storage storage,
      RunnerSettings run,
      Engines engines,
      ReasoningSeal seal,
      ServerTools tools,
      @Nullable Containers containers,
      boolean searching) {
    this(
        storage,
        run,
        engines,
        seal,
        tools,
        containers,
        searching,
        usual(storage),
        RunListener.NONE);
  }

  private static @Nullable Knowledge usual(Storage storage) {
    KnowledgeStorage kept = storage.knowledge();
    return kept == null ? null : new Knowledge(KnowledgeSettings.DEFAULT, kept);
  }

  private Node(
      Storage storage,
      RunnerSettings run,
      Engines engines,
      ReasoningSeal seal,
      ServerTools tools,
      @Nullable Containers containers,
      boolean searching,
      @Nullable Knowledge knowledge,
      RunListener listener) {
    this.storage = storage;
    this.knowledge = knowledge;
    server =
        new Server(
            run,
            new Retention(Duration.ofDays(30), Duration.ofDays(1)),
            HttpSettings.defaults().withAddress("127.0.0.1", 0),
            storage,
            engines,
            seal,
            searching && knowledge != null
                ? new ServerTools(
                    List.of(knowledge.fileSearch(), new HistoryRunner(knowledge.memory())),
                    ToolLimits.USUAL)
                : tools,
            ConfiguredPrompts.NONE,
            knowledge,
            containers,
            listener);
    base = "http://127.0.0.1:" + server.start() + "/v1";
    key = "sk-tests-0123456789";
    var _ = server.keys().adopt("tests", "", key);
  }

  static RunnerSettings settings(int maxRunning, int maxWaiting) {
    return new RunnerSettings(
        "node_" + UUID.randomUUID(), maxRunning, maxWaiting, Duration.ofSeconds(3), 3);
  }

  /** A key of another tenant. */
  String otherKey() {
    return server.keys().create("others", "").key();
  }

  /** The operations, past HTTP. */
  Responses responses() {
    return server.responses();
  }

  /** The key that calls are made with. */
  String key() {
    return key;
  }

  URI uri(String path) {
    return URI.create(base + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path))
        .header("Authorization", "Bearer " + key)
        .timeout(Duration.ofSeconds(30));
  }

  /** The base URL, with the version. */
  String url() {
    return base;
  }

  static JsonNode json(String text) {
    return MAPPER.readTree(text);
  }

  /** Sends JSON, or nothing with a null body. */
  Answer call(String method, String path, @Nullable String body) {
    HttpRequest.Builder request = request(path);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body));
    }
    HttpResponse<String> response = send(request.build());
    return new Answer(response);
  }

  Answer post(String path, @Nullable String body) {
    return call("POST", path, body);
  }

  Answer get(String path) {
    return call("GET", path, null);
  }

  HttpClient client() {
    return client;
  }

  /** Sends what was put together elsewhere. */
  Answer call(HttpRequest request) {
    HttpResponse<String> response = send(request);
    return new Answer(response);
  }

  /** The events of a stream, each as its JSON, until the stream ends. */
  List<String> events(String path) {
    return send(request(path).GET().build())
        .body()
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .map(line -> line.substring("data: ".length()))
        .toList();
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Drains, as at SIGTERM, and stops. */
  void drain(Duration grace) {
    try {
      server.close(grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    close();
  }

  @Override
  public void close() {
    server.close();
    if (knowledge != null) {
      knowledge.close();
    }
    storage.close();
    client.close();
  }

  /** What came back. */
  record Answer(int status, String body, Map<String, List<String>> headers) {
    Answer(HttpResponse<String> response) {
      this(response.statusCode(), response.body(), response.headers().map());
    }

    /** A header's first value, or nothing. */
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }

    JsonNode json() {
      return MAPPER.readTree(body);
    }

    /** A text field of the body. */
    String text(String pointer) {
      return json().at(pointer).asString();
    }
  }
}
