package antiphon.core.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.create.LargeOnes.Wait;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.Chain;
import antiphon.core.store.ChainLink;
import antiphon.core.store.ResponseStore;
import antiphon.protocol.response.ResponseStatus;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of large conversations only a few are put together at a time. */
@Timeout(60)
class LargeOnesTest {

  private static final Owner OWNER = Owner.account("acme");
  private static final long LIMIT = 8 * LargeOnes.SMALL;

  /** Chains of which {@code resp_large} needs more than a small one may have. */
  private static ResponseStore store(CompletableFuture<Void> gate, AtomicInteger reading) {
    return (ResponseStore)
        Proxy.newProxyInstance(
            LargeOnesTest.class.getClassLoader(),
            new Class<?>[] {ResponseStore.class},
            (_, method, arguments) -> {
              if (!method.getName().equals("chain")) {
                throw new UnsupportedOperationException(method.getName());
              }
              boolean large = arguments[0].toString().contains("large");
              if (large && (long) arguments[1] <= LargeOnes.SMALL) {
                return new Chain.TooLarge();
              }
              if (large) {
                reading.incrementAndGet();
                gate.join();
              }
              return new Chain.Links(
                  List.of(
                      new ChainLink(
                          "resp_x",
                          ResponseStatus.COMPLETED,
                          "[]".getBytes(StandardCharsets.UTF_8),
                          "{\"output\":[]}".getBytes(StandardCharsets.UTF_8),
                          List.of())));
            });
  }

  @Test
  void smallOnesGoOnAndOneLargeOneWaitsForAnother() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    AtomicInteger reading = new AtomicInteger();
    Conversations conversations =
        new Conversations(
            store(gate, reading), null, LIMIT, ReasoningSeal.fleeting(), new LargeOnes(1));
    List<CompletableFuture<Integer>> large =
        List.of(putTogether(conversations, "resp_large"), putTogether(conversations, "resp_large"));
    while (reading.get() == 0) {
      Thread.onSpinWait();
    }

    assertThat(putTogether(conversations, "resp_small").join()).isZero();
    assertThat(reading).hasValue(1);
    gate.complete(null);
    assertThat(large).allSatisfy(one -> assertThat(one.join()).isZero());
    assertThat(reading).hasValue(2);
  }

  private static CompletableFuture<Integer> putTogether(Conversations all, String previous) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return all.of(OWNER, new ContextSource.Chain(previous), List.of(), 2).items().size();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        Thread::startVirtualThread);
  }

  @Test
  void whoWaitsInVainIsToldToComeAgain() throws Exception {
    LargeOnes ones = new LargeOnes(2);
    Wait brief = new Wait.AtMost(Duration.ofMillis(20));
    ones.enter(brief);
    ones.enter(brief);

    assertThatThrownBy(() -> ones.enter(brief))
        .isInstanceOfSatisfying(
            Rejected.class, e -> assertThat(e.problem()).isInstanceOf(Problem.Unavailable.class));
    ones.leave();
    ones.enter(new Wait.ForItsTurn());
  }
}
