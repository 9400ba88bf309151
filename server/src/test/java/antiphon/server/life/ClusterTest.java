package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.run.RunnerSettings;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.PostgresServer;
import antiphon.testkit.store.TcpProxy;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

/** Several nodes on one PostgreSQL: any node answers for any response. */
class ClusterTest {

  private static final String BACKGROUND =
      "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}";
  private static final String FOREGROUND = "{\"model\":\"auto\",\"input\":\"x\"}";

  @TempDir static Path folder;

  private static PostgresServer postgres;
  private Cluster cluster;

  @BeforeAll
  static void startPostgres() {
    postgres = new PostgresServer(folder);
  }

  @AfterAll
  static void stopPostgres() {
    postgres.close();
  }

  @BeforeEach
  void begin() {
    cluster = new Cluster(postgres);
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void madeOnOneNodeStreamedFromTheNextCancelledOnTheThird() {
    Gate gate = new Gate(100);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    List<Node> nodes = List.of(cluster.node(engine), cluster.node(engine), cluster.node(engine));
    String id = nodes.get(0).post("/responses", BACKGROUND).text("/id");
    CompletableFuture<List<String>> stream =
        CompletableFuture.supplyAsync(
            () -> nodes.get(1).events("/responses/" + id + "?stream=true"));
    gate.pass(3);
    for (Node node : nodes) {
      Await.until("three words", () -> words(node, id) == 3);
    }
    Answer cancelled = nodes.get(2).post("/responses/" + id + "/cancel", null);
    assertThat(cancelled.text("/status")).isEqualTo("cancelled");
    assertThat(cancelled.text("/output_text")).isEqualTo("w0 w1 w2 ");
    Await.until("the engine stopped", () -> engine.running() == 0);
    gate.pass(100);
    assertThat(stream.join().getLast()).contains(cancelled.body());
    for (Node node : nodes) {
      assertThat(node.get("/responses/" + id).body()).isEqualTo(cancelled.body());
      assertThat(node.post("/responses/" + id + "/cancel", null).body())
          .isEqualTo(cancelled.body());
      assertThat(node.events("/responses/" + id + "?stream=true")).isEqualTo(stream.join());
    }
  }

  @Test
  void aCancelFromAnotherNodeStopsAnEngineThatStillReadsThePrompt() {
    ScriptedEngine engine = new ScriptedEngine(new Gate(1).script());
    RunnerSettings patient =
        new RunnerSettings("node_patient", 64, 1000, Duration.ofMinutes(10), 3);
    Node one = cluster.node(engine, patient, cluster.network());
    String id = one.post("/responses", BACKGROUND).text("/id");
    Await.until("it runs", () -> engine.running() == 1);
    Node other = cluster.node(new ScriptedEngine(new Gate(1).script()));
    assertThat(other.post("/responses/" + id + "/cancel", null).text("/status"))
        .isEqualTo("cancelled");
    Await.until("the engine stopped, long before a heartbeat", () -> engine.running() == 0);
  }

  @Test
  void aForegroundResponseIsReadAndCancelledFromAnotherNode() {
    Gate gate = new Gate(100);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    Node one = cluster.node(engine);
    Node other = cluster.node(new ScriptedEngine(gate.script()));
    CompletableFuture<Answer> call =
        CompletableFuture.supplyAsync(() -> one.post("/responses", FOREGROUND));
    gate.pass(2);
    Await.until("listed", () -> !other.get("/responses").json().at("/data").isEmpty());
    String id = other.get("/responses").text("/data/0/id");
    assertThat(other.get("/responses/" + id).text("/status")).isEqualTo("in_progress");
    Await.until("two words", () -> words(one, id) == 2);

    Answer cancelled = other.post("/responses/" + id + "/cancel", null);
    assertThat(cancelled.text("/status")).isEqualTo("cancelled");
    assertThat(cancelled.text("/output_text")).isEqualTo("w0 w1 ");
    assertThat(call.join().body()).isEqualTo(cancelled.body());
    Await.until("the engine stopped", () -> engine.running() == 0);
    assertThat(one.get("/responses/" + id).body()).isEqualTo(cancelled.body());
    assertThat(other.get("/responses/" + id).body()).isEqualTo(cancelled.body());
  }

  @Test
  void metadataSetOnAnotherNodeIsSeenWhereTheResponseRuns() {
    Gate gate = new Gate(2);
    Node one = cluster.node(new ScriptedEngine(gate.script()));
    String id = one.post("/responses", BACKGROUND).text("/id");
    gate.pass(1);
    Await.until("a word", () -> words(one, id) == 1);
    Node other = cluster.node(new ScriptedEngine(new Gate(1).script()));
    assertThat(other.post("/responses/" + id, "{\"metadata\":{\"k\":\"new\"}}").text("/metadata/k"))
        .isEqualTo("new");
    assertThat(one.get("/responses/" + id).text("/metadata/k")).isEqualTo("new");
    gate.pass(1);
    Await.until("done", () -> status(one, id).equals("completed"));
    assertThat(one.get("/responses/" + id).text("/metadata/k")).isEqualTo("new");
  }

  @Test
  void aNodeThatIsCutOffLosesItsWorkAndLearnsIt() {
    Gate first = new Gate(100);
    ScriptedEngine cutOff = new ScriptedEngine(first.script());
    TcpProxy network = cluster.network();
    Node one = cluster.node(cutOff, Node.settings(64, 1000), network);
    String id = one.post("/responses", BACKGROUND).text("/id");
    first.pass(3);
    Await.until("three words", () -> words(one, id) == 3);

    Gate second = new Gate(4);
    second.pass(4);
    ScriptedEngine survivor = new ScriptedEngine(second.script(), true);
    Node other = cluster.node(survivor);
    network.refuse();
    long since = System.nanoTime();
    Await.until("done elsewhere", () -> status(other, id).equals("completed"));
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(6));
    assertThat(survivor.turns().getFirst().continuation()).isEqualTo("w0 w1 w2 ");
    Answer done = other.get("/responses/" + id);
    assertThat(done.text("/output_text")).isEqualTo("w0 w1 w2 w0 w1 w2 w3 ");

    network.flow();
    first.pass(100);
    Await.until("the first engine stopped", () -> cutOff.running() == 0);
    Await.until("the first node is back", () -> one.get("/responses/" + id).status() == 200);
    assertThat(one.get("/responses/" + id).body()).isEqualTo(done.body());
    assertThat(one.events("/responses/" + id + "?stream=true"))
        .isEqualTo(other.events("/responses/" + id + "?stream=true"));
  }

  @Test
  void aNodeThatIsCutOffStopsItsEnginesBeforeItsLeasesAreOutAndHasNotDied() {
    Gate gate = new Gate(100);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    TcpProxy network = cluster.network();
    RunnerSettings mortal = new RunnerSettings("node_cut", 64, 1000, Duration.ofSeconds(3), 1);
    Node one = cluster.node(engine, mortal, network);
    String id = one.post("/responses", BACKGROUND).text("/id");
    CompletableFuture<Answer> call =
        CompletableFuture.supplyAsync(() -> one.post("/responses", FOREGROUND));
    Await.until("both run", () -> engine.running() == 2);

    long since = System.nanoTime();
    network.stall();
    Await.until("the engine stopped", () -> engine.running() == 0);
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(mortal.lease());
    Answer told = call.join();
    assertThat(told.status()).isEqualTo(503);
    assertThat(told.text("/error/message")).contains("lost touch with its database");

    network.flow();
    gate.pass(200);
    Await.until(
        "gone on with, though one death is too many", () -> status(one, id).equals("completed"));
    Await.until(
        "the foreground one has ended",
        () ->
            one.get("/responses")
                .json()
                .at("/data")
                .findValuesAsString("status")
                .contains("failed"));
  }

  @Test
  void aNodeThatStopsHandsItsWorkOverAtOnce() {
    Gate first = new Gate(100);
    RunnerSettings patient =
        new RunnerSettings("node_patient", 64, 1000, Duration.ofSeconds(60), 3);
    Node one = cluster.node(new ScriptedEngine(first.script()), patient, cluster.network());
    String id = one.post("/responses", BACKGROUND).text("/id");
    first.pass(3);
    Await.until("three words", () -> words(one, id) == 3);
    CompletableFuture<HttpResponse<String>> stream =
        one.client()
            .sendAsync(
                one.request("/responses/" + id + "?stream=true").GET().build(),
                HttpResponse.BodyHandlers.ofString());
    CompletableFuture<Answer> foreground =
        CompletableFuture.supplyAsync(() -> one.post("/responses", FOREGROUND));
    Await.until("both run", () -> one.get("/responses").json().at("/data").size() == 2);

    Gate second = new Gate(2);
    Node other = cluster.node(new ScriptedEngine(second.script(), true));
    one.drain(Duration.ofMillis(200));
    String told = stream.join().body();
    // Only now: a stream whose response is over elsewhere before it is told to leave ends as usual.
    second.pass(2);
    assertThat(told).contains(": the server is stopping").doesNotContain("[DONE]");
    assertThat(foreground.join().status()).isEqualTo(503);
    Await.until("done elsewhere", () -> status(other, id).equals("completed"));
    assertThat(words(other, id)).isEqualTo(5);

    List<String> seen =
        told.lines()
            .filter(l -> l.startsWith("data: {"))
            .map(l -> l.substring("data: ".length()))
            .toList();
    List<String> whole = other.events("/responses/" + id + "?stream=true");
    assertThat(whole.subList(0, seen.size())).isEqualTo(seen);
    int last = seen.size() - 1;
    assertThat(other.events("/responses/" + id + "?stream=true&starting_after=" + last))
        .isEqualTo(whole.subList(seen.size(), whole.size()));
  }

  @Test
  void withoutSignalsAllHappensWithinAHeartbeat() {
    Gate gate = new Gate(100);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    Node one = cluster.deafNode(engine);
    String id = one.post("/responses", BACKGROUND).text("/id");
    Await.until("it runs", () -> engine.running() == 1);
    Node other = cluster.deafNode(new ScriptedEngine((turn, sink) -> ScriptedEngine.stop(turn, 0)));
    gate.pass(2);
    Answer stopped = other.post("/responses/" + id + "/cancel", null);
    long since = System.nanoTime();
    assertThat(stopped.text("/status")).isEqualTo("cancelled");
    assertThat(one.get("/responses/" + id).body())
        .as("the node that runs it has not heard of it, and yet")
        .isEqualTo(stopped.body());
    Await.until("the engine stopped", () -> engine.running() == 0);
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(3));

    CompletableFuture<Answer> call =
        CompletableFuture.supplyAsync(() -> one.post("/responses", FOREGROUND));
    Await.until("both", () -> other.get("/responses").json().at("/data").size() == 2);
    String running = other.get("/responses").text("/data/0/id");
    Answer cancelled = other.post("/responses/" + running + "/cancel", null);
    assertThat(cancelled.text("/status")).isEqualTo("cancelled");
    assertThat(call.join().body()).isEqualTo(cancelled.body());
  }

  @Test
  void nodesAreWokenThroughRedisToo() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    RedisServer redis = RedisServer.newRedisServer().port(port).bind("127.0.0.1").build();
    redis.start();
    try {
      String url = "redis://127.0.0.1:" + port;
      Gate gate = new Gate(100);
      ScriptedEngine engine = new ScriptedEngine(gate.script());
      Node one = cluster.redisNode(engine, url);
      String id = one.post("/responses", BACKGROUND).text("/id");
      Await.until("it runs", () -> engine.running() == 1);
      Node other = cluster.redisNode(engine, url);
      CompletableFuture<List<String>> stream =
          CompletableFuture.supplyAsync(() -> other.events("/responses/" + id + "?stream=true"));
      gate.pass(2);
      Await.until("two words", () -> words(other, id) == 2);
      Answer cancelled = other.post("/responses/" + id + "/cancel", null);
      Await.until("the engine stopped", () -> engine.running() == 0);
      assertThat(stream.join().getLast()).contains(cancelled.body());
    } finally {
      redis.stop();
    }
  }

  @Test
  void theQueueIsBounded() {
    Gate gate = new Gate(100);
    Node one =
        cluster.node(new ScriptedEngine(gate.script()), Node.settings(1, 2), cluster.network());
    String running = one.post("/responses", BACKGROUND).text("/id");
    Await.until("running", () -> status(one, running).equals("in_progress"));
    assertThat(one.post("/responses", BACKGROUND).status()).isEqualTo(200);
    assertThat(one.post("/responses", BACKGROUND).status()).isEqualTo(200);
    Answer refused = one.post("/responses", BACKGROUND);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.text("/error/code")).isEqualTo("server_overloaded");
    assertThat(refused.header("retry-after")).isNotBlank();
    assertThat(one.get("/responses").json().at("/data")).hasSize(3);
  }

  private static String status(Node node, String id) {
    return node.get("/responses/" + id).text("/status");
  }

  private static int words(Node node, String id) {
    return node.get("/responses/" + id).text("/output_text").split(" ", -1).length - 1;
  }
}
