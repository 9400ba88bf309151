package antiphon.engines.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.EngineModel;
import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.core.response.Problem;
import antiphon.core.response.Problem.Engine.Kind;
import antiphon.engines.upstream.Probed;
import antiphon.protocol.response.Usage;
import antiphon.testkit.store.Await;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where turns go when there are several servers for them. */
@Timeout(60)
final class ReplicatedEngineTest {

  private static final Duration SOON = Duration.ofMillis(20);

  private final Server one = new Server("one");
  private final Server two = new Server("two");
  private final ReplicatedEngine engine =
      new ReplicatedEngine(List.of(one, two), 16, Duration.ofHours(1));

  @Test
  void concurrentTurnsSpread() throws Exception {
    one.busy();
    two.busy();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Turn turn = turn("conversation " + i, null);
      threads.add(Thread.ofVirtual().start(() -> say(turn)));
      int begun = i + 1;
      Await.until("it has begun", () -> one.running.get() + two.running.get() == begun);
    }
    assertThat(one.running).hasValue(3);
    assertThat(two.running).hasValue(3);
    one.free();
    two.free();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void aConversationStaysWhereItsBeginningIs() throws Exception {
    for (int i = 0; i < 20; i++) {
      String who = hear(turn("conversation " + i, null));
      assertThat(hear(turn("conversation " + i, null))).isEqualTo(who);
      assertThat(hear(turn("conversation " + i, "answer and more"))).isEqualTo(who);
    }
    assertThat(one.turns.get()).isPositive();
    assertThat(two.turns.get()).isPositive();
  }

  @Test
  void theCacheKeyGoesBeforeTheText() throws Exception {
    String who = hear(Turns.of("{\"model\":\"m\",\"input\":\"x\",\"prompt_cache_key\":\"k\"}"));
    for (int i = 0; i < 10; i++) {
      String json = "{\"model\":\"m\",\"input\":\"" + i + "\",\"prompt_cache_key\":\"k\"}";
      assertThat(hear(Turns.of(json))).isEqualTo(who);
    }
  }

  @Test
  void aMuchBusierReplicaIsNotWaitedFor() throws Exception {
    Server holder = hear(turn("c", null)).equals("one") ? one : two;
    Server other = holder == one ? two : one;
    holder.busy();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      threads.add(Thread.ofVirtual().start(() -> say(turn("c", null))));
      int begun = i + 1;
      Await.until("it has begun", () -> holder.running.get() == begun);
    }
    assertThat(hear(turn("c", null))).isEqualTo(other.name);
    holder.free();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void aFailureBeforeAnyOutputGoesToTheNext() throws Exception {
    one.fails(Kind.UNAVAILABLE);
    for (int i = 0; i < 10; i++) {
      assertThat(hear(turn("conversation " + i, null))).isEqualTo("two");
    }
    // After three failures it was left alone.
    assertThat(one.turns.get()).isBetween(1, 3);
  }

  @Test
  void aFailureAfterOutputIsTheAnswer() throws Exception {
    one.breaksOff();
    two.breaksOff();
    assertThatThrownBy(() -> hear(turn("c", null))).isInstanceOf(EngineException.class);
    assertThat(one.turns.get() + two.turns.get()).isEqualTo(1);
  }

  @Test
  void aBadRequestAndABusyEngineAreNobodysSickness() {
    one.fails(Kind.RATE_LIMITED);
    two.fails(Kind.RATE_LIMITED);
    assertThatThrownBy(() -> hear(turn("c", null))).isInstanceOf(EngineException.class);
    assertThat(one.turns.get() + two.turns.get()).isEqualTo(1);
  }

  @Test
  void whenAllAreDownTheClientLearnsWhy() {
    one.fails(Kind.UNAVAILABLE);
    two.fails(Kind.TIMEOUT);
    for (int i = 0; i < 5; i++) {
      Turn turn = turn("conversation " + i, null);
      assertThatThrownBy(() -> hear(turn)).isInstanceOf(EngineException.class);
    }
  }

  @Test
  void oneThatIsBackIsProbedWithoutARequestAndServesAgain() throws Exception {
    try (ReplicatedEngine again = new ReplicatedEngine(List.of(one, two), 16, SOON)) {
      one.fails(Kind.UNAVAILABLE);
      for (int i = 0; i < 10; i++) {
        again.generate(turn("conversation " + i, null), new Heard());
      }
      int before = one.turns.get();
      Await.until("it has been probed", () -> again.models().size() == 1 && one.probes.get() > 1);
      assertThat(one.turns).hasValue(before);
      one.works();
      AtomicInteger next = new AtomicInteger();
      Await.until(
          "it serves again",
          () -> {
            say(again, turn("later " + next.getAndIncrement(), null));
            return one.turns.get() > before;
          });
    }
  }

  @Test
  void interruptionStopsTheReplica() throws Exception {
    one.busy();
    two.busy();
    Thread thread = Thread.ofVirtual().start(() -> say(turn("c", null)));
    Await.until("it runs", () -> one.running.get() + two.running.get() == 1);
    thread.interrupt();
    thread.join();
    assertThat(one.running.get() + two.running.get()).isZero();
    assertThat(one.turns.get() + two.turns.get()).isEqualTo(1);
  }

  private void say(Turn turn) {
    say(engine, turn);
  }

  private static void say(Engine engine, Turn turn) {
    try {
      engine.generate(turn, new Heard());
    } catch (EngineException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The name of the server that answered. */
  private String hear(Turn turn) throws EngineException, InterruptedException {
    Heard heard = new Heard();
    engine.generate(turn, heard);
    return heard.text();
  }

  private static Turn turn(String first, @Nullable String more) {
    String rest =
        more == null
            ? ""
            : ",{\"role\":\"assistant\",\"content\":\""
                + more
                + "\"},"
                + "{\"role\":\"user\",\"content\":\"go on\"}";
    return Turns.of(
        "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":\""
            + first
            + "\"}"
            + rest
            + "]}");
  }

  /** A server that says its own name. */
  private static final class Server implements Engine, Probed {
    private final String name;
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger probes = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile @Nullable Kind failure;
    private volatile boolean breaksOff;

    private Server(String name) {
      this.name = name;
    }

    private void busy() {
      gate = new CountDownLatch(1);
    }

    private void free() {
      gate.countDown();
    }

    private void fails(Kind kind) {
      failure = kind;
    }

    private void works() {
      failure = null;
    }

    private void breaksOff() {
      breaksOff = true;
    }

    @Override
    public TurnResult generate(Turn turn, PieceSink sink)
        throws EngineException, InterruptedException {
      turns.incrementAndGet();
      running.incrementAndGet();
      try {
        check();
        gate.await();
        sink.accept(new Piece.Text(name));
        if (breaksOff) {
          throw new EngineException(new Problem.Engine(Kind.BROKEN, "broke off", null));
        }
        return new TurnResult(TurnResult.Reason.STOP, Usage.ZERO, "m");
      } finally {
        running.decrementAndGet();
      }
    }

    private void check() throws EngineException {
      Kind kind = failure;
      if (kind != null) {
        throw new EngineException(new Problem.Engine(kind, "down", null));
      }
    }

    @Override
    public void probe() throws EngineException {
      probes.incrementAndGet();
      check();
    }

    @Override
    public String name() {
      return "pair";
    }

    @Override
    public List<EngineModel> models() {
      return List.of(new EngineModel("m", 0, "tests", null));
    }

    @Override
    public Optional<Refusal> refuses(Turn turn) {
      return Optional.empty();
    }

    @Override
    public int concurrency() {
      return 16;
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
