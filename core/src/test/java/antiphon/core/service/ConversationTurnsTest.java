package antiphon.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.conversation.ConversationId;
import antiphon.core.log.Wakeups;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.LocalSignals;
import antiphon.core.store.ResponseStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConversationTurnsTest {

  private static final ConversationId ONE = new ConversationId(Owner.account("acme"), "conv_1");
  private static final ConversationId OTHER = new ConversationId(Owner.account("acme"), "conv_2");

  /** Nothing is in it: who is asked for has ended. */
  private final ResponseStore empty =
      (ResponseStore)
          Proxy.newProxyInstance(
              ResponseStore.class.getClassLoader(),
              new Class<?>[] {ResponseStore.class},
              (_, _, _) -> Optional.empty());

  private final Wakeups wakeups = new Wakeups(new LocalSignals(), Duration.ofMillis(5));

  private ConversationTurns turns(Duration patience) {
    return new ConversationTurns(empty, wakeups, patience);
  }

  @Test
  void whoWaitsForTooLongIsToldToComeAgain() {
    assertThatThrownBy(() ->
            turns(Duration.ofMillis(30))
                .take(
                    ONE,
                    () -> {
                      throw new NewRows.NotItsTurn("resp_1");
                    }))
        .isInstanceOfSatisfying(
            Rejected.class,
            e -> {
              Problem.Conflict problem = (Problem.Conflict) e.problem();
              assertThat(problem.code()).isEqualTo("conversation_locked");
              assertThat(problem.param()).isEqualTo("conversation");
              assertThat(problem.retryAfter()).isEqualTo(Duration.ofSeconds(2));
            });
  }

  @Test
  void thoseBehindWaitNoLongerThanTheFirst() throws Exception {
    ConversationTurns turns = turns(Duration.ofMillis(50));
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Thread first =
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ =
                    turns.take(
                        ONE,
                        () -> {
                          held.countDown();
                          over.await();
                          return true;
                        });
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    held.await();
    assertThatThrownBy(() -> turns.take(ONE, () -> true)).isInstanceOf(Rejected.class);
    assertThat(turns.take(OTHER, () -> true)).as("another conversation").isTrue();
    over.countDown();
    first.join();
    assertThat(turns.take(ONE, () -> true)).as("afterwards").isTrue();
  }

  @Test
  void whoCameFirstGoesFirst() throws Exception {
    ConversationTurns turns = turns(Duration.ofSeconds(30));
    ConcurrentLinkedQueue<Integer> went = new ConcurrentLinkedQueue<>();
    CountDownLatch free = new CountDownLatch(1);
    List<Thread> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      Thread one =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  var _ =
                      turns.take(
                          ONE,
                          () -> {
                            // The first looks again and again.
                            if (!free.await(1, TimeUnit.MILLISECONDS)) {
                              throw new NewRows.NotItsTurn("resp_1");
                            }
                            return went.add(number);
                          });
                } catch (InterruptedException _) {
                  Thread.currentThread().interrupt();
                }
              });
      waiting.add(one);
      // The others wait behind the first until they are let.
      while (one.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
    }
    free.countDown();
    for (Thread one : waiting) {
      one.join();
    }
    assertThat(went).containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
  }
}
