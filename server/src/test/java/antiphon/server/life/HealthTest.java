package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.store.LocalSignals;
import antiphon.core.store.StoreListener;
import antiphon.server.life.Node.Answer;
import antiphon.server.wiring.Storage;
import antiphon.store.sql.jdbc.Dialect;
import antiphon.store.sqlite.SqliteOptions;
import antiphon.store.sqlite.SqliteStore;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.PostgresServer;
import antiphon.testkit.store.TcpProxy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server says and does whose store, or one of its loops, does not work. */
class HealthTest {

  private static final String SYNC = "{\"model\":\"auto\",\"input\":\"x\"}";
  private static final String STREAM = "{\"model\":\"auto\",\"input\":\"x\",\"stream\":true}";
  private static final String BACKGROUND =
      "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}";

  /** A full disk, as SQLite tells it. */
  private static final int FULL = 13;

  @TempDir private Path folder;

  private Storage storage() {
    return Stores.sqlite(folder);
  }

  @Test
  void errorsInTheLoopsAreSurvived() {
    Storage sound = storage();
    AtomicBoolean broken = new AtomicBoolean();
    AtomicInteger thrown = new AtomicInteger();
    Storage storage =
        new Storage(
            InterceptedStore.of(
                sound.responses(),
                (method, plainly) -> {
                  if (broken.get() && (method.equals("heartbeat") || method.equals("claim"))) {
                    thrown.incrementAndGet();
                    throw new OutOfMemoryError("seeded");
                  }
                  return plainly.get();
                }),
            sound.conversations(),
            sound.keys(),
            sound.signals());
    try (Node node =
        new Node(storage, Node.settings(64, 1000), new ScriptedEngine(Script.words("yes")))) {
      Await.until("it is ready", () -> ready(node));
      broken.set(true);
      String id = node.post("/responses", BACKGROUND).text("/id");
      Await.until("several failed", () -> thrown.get() > 6);
      Await.until("readiness says so", () -> !ready(node));
      broken.set(false);
      Await.until(
          "it was claimed", () -> node.get("/responses/" + id).text("/status").equals("completed"));
      Await.until("it is ready again", () -> ready(node));
    }
  }

  @Test
  void readinessNeverWaitsForTheStore() {
    Storage sound = storage();
    CountDownLatch hang = new CountDownLatch(1);
    AtomicBoolean hanging = new AtomicBoolean();
    Storage storage =
        new Storage(
            InterceptedStore.of(
                sound.responses(),
                (method, plainly) -> {
                  if (hanging.get() && (method.equals("ping") || method.equals("queued"))) {
                    uninterruptibly(hang);
                  }
                  return plainly.get();
                }),
            sound.conversations(),
            sound.keys(),
            sound.signals());
    try (Node node =
        new Node(storage, Node.settings(64, 1000), new ScriptedEngine(Script.words("yes")))) {
      Await.until("it is ready", () -> ready(node));
      hanging.set(true);
      long since = System.nanoTime();
      Await.until("it is not", () -> !ready(node));
      assertThat(millis(since)).isBetween(500L, 4_000L);
      since = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        assertThat(ready(node)).isFalse();
      }
      assertThat(millis(since)).as("200 of them").isLessThan(5_000);
      hanging.set(false);
      hang.countDown();
      Await.until("it is again", () -> ready(node));
    }
  }

  private static void uninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Commits on a disk that may be full. */
  private static Dialect failing(Dialect dialect, AtomicBoolean full) {
    return (Dialect)
        Proxy.newProxyInstance(
            Dialect.class.getClassLoader(),
            new Class<?>[] {Dialect.class},
            (_, method, arguments) -> {
              if (full.get() && method.getName().equals("commit")) {
                throw new SQLException("[SQLITE_FULL] database or disk is full", null, FULL);
              }
              try {
                return method.invoke(dialect, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void aFullDiskIsSaidAtOnceByEverybodyAndPasses() {
    AtomicBoolean full = new AtomicBoolean();
    SqliteStore store =
        SqliteStore.open(
            folder.resolve("antiphon.db"),
            new SqliteOptions(4, true, StoreListener.NONE, dialect -> failing(dialect, full)));
    Gate gate = new Gate(2);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node =
        new Node(
            new Storage(store, store.conversations(), store.keys(), new LocalSignals()),
            Node.settings(64, 1000),
            engine)) {
      Await.until("it is ready", () -> ready(node));
      CompletableFuture<HttpResponse<String>> stream = send(node, STREAM);
      CompletableFuture<HttpResponse<String>> waiting = send(node, SYNC);
      String id = node.post("/responses", BACKGROUND).text("/id");
      CompletableFuture<HttpResponse<String>> followed =
          node.client()
              .sendAsync(
                  node.request("/responses/" + id + "?stream=true").build(),
                  HttpResponse.BodyHandlers.ofString());
      Await.until("all run", () -> engine.running() == 3);
      full.set(true);
      long since = System.nanoTime();
      assertThat(node.post("/responses", SYNC).status())
          .as("its engine says nothing yet")
          .isEqualTo(503);
      assertThat(millis(since)).isLessThan(3_000);
      gate.pass(6);

      assertThat(stream.join().body()).contains("event: error", "store");
      assertThat(waiting.join().statusCode()).isEqualTo(503);
      Await.until("not ready", () -> !ready(node));
      since = System.nanoTime();
      for (String body : new String[] {SYNC, STREAM, BACKGROUND}) {
        Answer refused = node.post("/responses", body);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isEqualTo("1");
        assertThat(refused.text("/error/code")).isEqualTo("store_unavailable");
      }
      assertThat(node.get("/responses/" + id).status()).as("reading works").isEqualTo(200);
      assertThat(millis(since)).isLessThan(3_000);

      full.set(false);
      Await.until("ready again", () -> ready(node));
      gate.pass(100);
      assertThat(node.post("/responses", SYNC).status()).isEqualTo(200);
      assertThat(followed.join().body()).containsAnyOf("event: error", "event: response.completed");
    }
  }

  @Test
  void aDatabaseThatIsSilentOrGoneIsSaidWithinSecondsAndComesBack() throws Exception {
    try (PostgresServer postgres = new PostgresServer(folder);
        Cluster cluster = new Cluster(postgres)) {
      TcpProxy network = cluster.network();
      Node node =
          cluster.node(new ScriptedEngine(Script.words("yes")), Node.settings(64, 1000), network);
      Await.until("it is ready", () -> ready(node));
      String id = node.post("/responses", SYNC).text("/id");
      for (boolean silent : new boolean[] {true, false}) {
        long since = System.nanoTime();
        if (silent) {
          network.stall();
        } else {
          network.refuse();
        }
        CompletableFuture<Answer> read =
            CompletableFuture.supplyAsync(() -> node.get("/responses/" + id));
        Await.until("not ready", () -> !ready(node));
        assertThat(millis(since)).as("readiness").isLessThan(5_000);
        refused(read.join());
        assertThat(millis(since)).as("a read that waited").isLessThan(6_000);
        since = System.nanoTime();
        refused(node.post("/responses", SYNC));
        refused(node.post("/responses", BACKGROUND));
        refused(node.get("/responses/" + id));
        assertThat(millis(since)).as("calls while it is known").isLessThan(2_000);
        network.flow();
        Await.until("ready again", () -> ready(node));
        Await.until("read again", () -> node.get("/responses/" + id).status() == 200);
      }
    }
  }

  private static void refused(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isEqualTo("1");
  }

  private static CompletableFuture<HttpResponse<String>> send(Node node, String body) {
    return node.client()
        .sendAsync(
            node.request("/responses")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static boolean ready(Node node) {
    return node.call(
                HttpRequest.newBuilder(node.uri("/").resolve("/health/ready"))
                    .timeout(Duration.ofSeconds(10))
                    .build())
            .status()
        == 200;
  }

  private static long millis(long since) {
    return (System.nanoTime() - since) / 1_000_000;
  }
}
