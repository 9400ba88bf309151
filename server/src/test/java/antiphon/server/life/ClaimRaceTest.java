package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.run.RunnerSettings;
import antiphon.core.store.Claim;
import antiphon.core.store.LocalSignals;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Signals;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Between a claim and the moment its run can be found there is time, too. */
@Timeout(60)
final class ClaimRaceTest {

  private static final String BACKGROUND =
      "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}";

  @TempDir Path folder;
  private final ScriptedEngine engine = new ScriptedEngine(Script.words("hello"));
  private final CompletableFuture<Node> started = new CompletableFuture<>();
  private final CompletableFuture<String> first = new CompletableFuture<>();
  private final CompletableFuture<Node.Answer> answered = new CompletableFuture<>();

  @Test
  void whatIsCancelledInBetweenNeverReachesTheEngine() {
    try (Node node = node(id -> answered.complete(cancel(id)))) {
      Node.Answer cancelled = endedFirst(node);
      assertThat(cancelled.text("/status")).isEqualTo("cancelled");
      assertThat(node.get("/responses/" + first.join()).body()).isEqualTo(cancelled.body());
    }
    assertThat(engine.turns()).as("the second response's alone").hasSize(1);
  }

  @Test
  void whatIsDeletedInBetweenTakesNoPlace() {
    try (Node node = node(id -> answered.complete(delete(id)))) {
      assertThat(endedFirst(node).status()).isEqualTo(200);
    }
    assertThat(engine.turns()).as("the second response's alone").hasSize(1);
  }

  @Test
  void whatIsCancelledInBetweenIsNeverSeenRunningAgain() {
    AtomicBoolean asked = new AtomicBoolean();
    CompletableFuture<String> read = new CompletableFuture<>();
    Consumer<String> asRunAsks =
        id -> {
          if (answered.isDone() && asked.compareAndSet(false, true)) {
            read.complete(started.join().get("/responses/" + id).body());
          }
        };
    try (Node node = node(id -> answered.complete(cancel(id)), asRunAsks)) {
      String cancelled = endedFirst(node).body();
      assertThat(read.join()).isEqualTo(cancelled);
    }
  }

  @Test
  void whatIsChangedInBetweenIsChanged() {
    Gate gate = new Gate(1);
    ScriptedEngine slow = new ScriptedEngine(gate.script());
    Consumer<String> change =
        id ->
            answered.complete(
                started.join().post("/responses/" + id, "{\"metadata\":{\"a\":\"b\"}}"));
    try (Node node = new Node(storage(change, _ -> {}), Node.settings(1, 8), slow)) {
      started.complete(node);
      first.complete(node.post("/responses", BACKGROUND).text("/id"));
      Await.until("it runs", () -> slow.running() == 1);
      assertThat(answered.join().text("/metadata/a")).isEqualTo("b");
      assertThat(node.get("/responses/" + first.join()).text("/metadata/a")).isEqualTo("b");
      gate.pass(1);
    }
  }

  @Test
  void aCancelThatFoundNoRunStopsTheOneThatHasBegunSinceBeforeItIsAnswered() throws Exception {
    ScriptedEngine endless = new ScriptedEngine(new Gate(1).script());
    CountDownLatch ending = new CountDownLatch(1);
    Storage plain = plain();
    ResponseStore store =
        InterceptedStore.of(
            plain.responses(),
            (method, plainly) -> {
              if (method.equals("endFromLog")) {
                ending.countDown();
                Await.until("it runs", () -> endless.running() == 1);
              }
              Object result = plainly.get();
              if (result instanceof Claim claim && !claim.claimed().isEmpty()) {
                String id = claim.claimed().getFirst().response().id().value();
                Thread.startVirtualThread(() -> answered.complete(cancel(id)));
                await(ending);
              }
              return result;
            });
    RunnerSettings patient = new RunnerSettings("node_patient", 1, 8, Duration.ofMinutes(10), 3);
    Storage deaf = new Storage(store, plain.conversations(), plain.keys(), new WithoutCancels());
    try (Node node = new Node(deaf, patient, endless)) {
      started.complete(node);
      first.complete(node.post("/responses", BACKGROUND).text("/id"));
      String cancelled = answered.join().body();
      assertThat(node.get("/responses/" + first.join()).body()).isEqualTo(cancelled);
      Await.until("the engine stopped, though no signal came", () -> endless.running() == 0);
    }
  }

  @Test
  void whatTheStoreShowsAsEndedIsNotShownAsRunning() {
    CompletableFuture<Void> told = new CompletableFuture<>();
    Storage plain = plain();
    ResponseStore store =
        InterceptedStore.of(
            plain.responses(),
            (method, plainly) ->
                method.equals("end")
                    ? ((CompletableFuture<?>) plainly.get()).thenCombine(told, (end, _) -> end)
                    : plainly.get());
    Storage storage = new Storage(store, plain.conversations(), plain.keys(), plain.signals());
    try (Node node = new Node(storage, Node.settings(1, 8), engine)) {
      String id = node.post("/responses", BACKGROUND).text("/id");
      Await.until(
          "it has ended in the store",
          () -> node.get("/responses").text("/data/0/status").equals("completed"));
      CompletableFuture<Node.Answer> read =
          CompletableFuture.supplyAsync(() -> node.get("/responses/" + id));
      told.completeOnTimeout(null, 200, TimeUnit.MILLISECONDS);
      assertThat(read.join().text("/status")).isEqualTo("completed");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Signals of which those that cancel are lost. */
  private static final class WithoutCancels implements Signals {
    private final LocalSignals signals = new LocalSignals();

    @Override
    public void publish(Signal signal) {
      if (!(signal instanceof Signal.Cancel)) {
        signals.publish(signal);
      }
    }

    @Override
    public Subscription subscribe(Consumer<Signal> listener) {
      return signals.subscribe(listener);
    }

    @Override
    public void close() {
      signals.close();
    }
  }

  /** Makes two responses on a node with one place; the second one gets it. */
  private Node.Answer endedFirst(Node node) {
    started.complete(node);
    first.complete(node.post("/responses", BACKGROUND).text("/id"));
    Node.Answer answer = answered.join();
    String second = node.post("/responses", BACKGROUND).text("/id");
    Await.until(
        "the place is free",
        () -> node.get("/responses/" + second).text("/status").equals("completed"));
    return answer;
  }

  private Node.Answer cancel(String id) {
    return started.join().post("/responses/" + id + "/cancel", null);
  }

  private Node.Answer delete(String id) {
    return started.join().call("DELETE", "/responses/" + id, null);
  }

  private Node node(Consumer<String> between) {
    return node(between, _ -> {});
  }

  private Node node(Consumer<String> between, Consumer<String> asRunAsks) {
    return new Node(storage(between, asRunAsks), Node.settings(1, 8), engine);
  }

  private Storage plain() {
    return Stores.sqlite(folder);
  }

  /**
   * @param between what happens to the first response that is claimed, before its run is there
   * @param asRunAsks what happens to it when its run is there, and asks whether it is to begin
   */
  private Storage storage(Consumer<String> between, Consumer<String> asRunAsks) {
    Storage plain = plain();
    ResponseStore store =
        InterceptedStore.of(
            plain.responses(),
            (method, plainly) -> {
              if (method.equals("find") && Thread.currentThread().getName().startsWith("run-")) {
                asRunAsks.accept(first.join());
              }
              Object result = plainly.get();
              if (result instanceof Claim claim
                  && !claim.claimed().isEmpty()
                  && !answered.isDone()) {
                between.accept(claim.claimed().getFirst().response().id().value());
              }
              return result;
            });
    return new Storage(store, plain.conversations(), plain.keys(), plain.signals());
  }
}
