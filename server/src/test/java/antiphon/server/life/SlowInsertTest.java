package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.store.ResponseStore;
import antiphon.core.store.StoreException;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.ScriptedEngine;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Between a request and its row there may be time. */
final class SlowInsertTest {

  /** More than the time between two heartbeats of {@link Node#settings}. */
  private static final long SLOW_MILLIS = 2500;

  private static final String PLAIN = "{\"model\":\"auto\",\"input\":\"x\"}";
  private static final String STREAMED = "{\"model\":\"auto\",\"input\":\"x\",\"stream\":true}";

  @TempDir Path folder;
  private final Gate gate = new Gate(1);
  private final ScriptedEngine engine = new ScriptedEngine(gate.script());
  private Storage plain;

  @BeforeEach
  void open() {
    plain = Stores.sqlite(folder);
  }

  @Test
  void aRunWhoseRowIsNotYetOnItsWayIsNotLost() {
    gate.pass(1);
    try (Node node = node(false, SlowInsertTest::slowly)) {
      Node.Answer answer = node.post("/responses", PLAIN);

      assertThat(answer.body()).contains("\"completed\"");
      assertThat(answer.status()).isEqualTo(200);
    }
  }

  @Test
  void nobodyIsToldAnIdThatOtherNodesDoNotKnowYet() throws Exception {
    var written = new CompletableFuture<Void>();
    try (Node node = node(true, after(written))) {
      CompletableFuture<HttpResponse<Stream<String>>> stream = stream(node);
      Await.until("it runs already", () -> engine.running() == 1);
      assertThatThrownBy(() -> stream.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);

      written.complete(null);

      try (Stream<String> lines = stream.get(10, TimeUnit.SECONDS).body()) {
        assertThat(node.get("/responses").text("/data/0/id")).isEqualTo(firstId(lines));
      }
    }
  }

  @Test
  void whatCannotBeWrittenIsNotBegun() throws Exception {
    var failed = CompletableFuture.<Void>failedFuture(new StoreException("gone"));
    try (Node node = node(true, (_, _) -> failed)) {
      HttpResponse<Stream<String>> answer = stream(node).get(10, TimeUnit.SECONDS);

      assertThat(answer.statusCode()).isEqualTo(503);
      Await.until("the engine is not left running", () -> engine.running() == 0);
      assertThat(node.get("/responses").json().at("/data")).isEmpty();
    }
  }

  @Test
  void whoLeavesFindsItUntilItsEndIsWritten() throws Exception {
    var written = new CompletableFuture<Void>();
    try (Node node = node(false, after(written))) {
      String id;
      try (Stream<String> lines = stream(node).get(10, TimeUnit.SECONDS).body()) {
        id = firstId(lines);
        Await.until("it runs", () -> engine.running() == 1);
      }
      Await.until("nobody runs it any more", () -> engine.running() == 0);
      long since = System.nanoTime();
      while (System.nanoTime() - since < TimeUnit.MILLISECONDS.toNanos(200)) {
        assertThat(node.get("/responses/" + id).text("/status")).isEqualTo("in_progress");
      }

      written.complete(null);

      Await.until(
          "cancelled", () -> node.get("/responses/" + id).text("/status").equals("cancelled"));
    }
  }

  private static String firstId(Stream<String> lines) {
    String first = lines.filter(line -> line.startsWith("data: ")).findFirst().orElseThrow();
    return Node.json(first.substring("data: ".length())).at("/response/id").asString();
  }

  private static CompletableFuture<HttpResponse<Stream<String>>> stream(Node node) {
    return node.client()
        .sendAsync(
            node.request("/responses")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(STREAMED))
                .build(),
            BodyHandlers.ofLines());
  }

  private static CompletableFuture<?> slowly(
      String method, Supplier<CompletableFuture<?>> plainly) {
    if (method.equals("insert")) {
      try {
        Thread.sleep(SLOW_MILLIS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return plainly.get();
  }

  /** After a sign, and one after the other. */
  private static Writing after(CompletableFuture<Void> sign) {
    var last = new AtomicReference<CompletableFuture<?>>(sign);
    return (_, plainly) -> last.updateAndGet(before -> before.thenCompose(_ -> plainly.get()));
  }

  /** How an insert or an end is written. */
  private interface Writing {
    CompletableFuture<?> write(String method, Supplier<CompletableFuture<?>> plainly);
  }

  /**
   * @param shared whether its store says that other nodes read it
   */
  private Node node(boolean shared, Writing writing) {
    ResponseStore store =
        InterceptedStore.of(
            plain.responses(),
            (method, plainly) ->
                switch (method) {
                  case "shared" -> shared;
                  case "insert", "end" ->
                      writing.write(method, () -> (CompletableFuture<?>) plainly.get());
                  default -> plainly.get();
                });
    Storage storage = new Storage(store, plain.conversations(), plain.keys(), plain.signals());
    return new Node(storage, Node.settings(8, 8), engine);
  }
}
