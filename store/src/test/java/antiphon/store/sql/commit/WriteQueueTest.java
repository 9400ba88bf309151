package antiphon.store.sql.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class WriteQueueTest {

  private final WriteQueue queue = new WriteQueue();

  private static PendingWrite<?> write(String name, Urgency urgency) {
    return new PendingWrite<>(name, name, 1, urgency, _ -> true);
  }

  private static PendingWrite<?> late(String key) {
    return new PendingWrite<>(key + " late", key, 1, Urgency.LATE, _ -> true);
  }

  private static PendingWrite<?> keyless() {
    return new PendingWrite<>("many rows", "", 1, Urgency.NOW, _ -> true);
  }

  private static List<String> names(List<PendingWrite<?>> group) {
    return group.stream().map(PendingWrite::name).toList();
  }

  @Test
  void whatIsUrgentTakesAlongWhatCameBeforeInItsOrder() {
    queue.add(write("insert", Urgency.SOON));
    queue.add(write("append", Urgency.NOW));
    queue.add(write("another", Urgency.SOON));

    assertThat(names(queue.take())).containsExactly("insert", "append", "another");
  }

  @Test
  void whatIsNotUrgentIsWrittenAllTheSame() {
    queue.add(write("insert", Urgency.SOON));

    assertThat(names(queue.take())).containsExactly("insert");
  }

  @Test
  void whoeverWaitsIsWokenByTheFirst() throws Exception {
    var taken = CompletableFuture.supplyAsync(queue::take);
    TimeUnit.MILLISECONDS.sleep(20);
    queue.add(write("end", Urgency.NOW));

    assertThat(names(taken.get(10, TimeUnit.SECONDS))).containsExactly("end");
  }

  @Test
  void afterACrowdMoreAreLetCome() throws Exception {
    queue.add(write("1", Urgency.NOW));
    queue.add(write("2", Urgency.NOW));
    assertThat(queue.take()).hasSize(2);
    TimeUnit.MILLISECONDS.sleep(10); // A commit so long that gathering takes its longest.
    queue.add(write("3", Urgency.NOW));
    var adding =
        CompletableFuture.runAsync(
            () -> queue.add(write("4", Urgency.NOW)),
            CompletableFuture.delayedExecutor(200, TimeUnit.MICROSECONDS));
    int together = queue.take().size();
    adding.join();
    int rest = together == 2 ? 0 : queue.take().size();

    assertThat(together + rest).isEqualTo(2);
  }

  @Test
  void manyGetInLineAndAllAreTakenOnceInTheirOrder() throws Exception {
    int clients = 50;
    int each = 400;
    List<Thread> threads = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      String name = client + ":";
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int i = 0; i < each; i++) {
              queue.add(write(name + i, i % 3 == 0 ? Urgency.NOW : Urgency.SOON));
            }
          }));
    }
    Map<String, Integer> next = new HashMap<>();
    for (int taken = 0; taken < clients * each; ) {
      for (String name : names(queue.take())) {
        String[] parts = name.split(":", -1);
        assertThat(next.merge(parts[0], 1, Integer::sum) - 1).isEqualTo(Integer.valueOf(parts[1]));
        taken++;
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void whatIsLateStaysBehindUntilItIsTakenAlong() {
    queue.add(late("1"));
    queue.add(late("2"));
    queue.add(write("other", Urgency.NOW));
    assertThat(names(queue.take())).containsExactly("other");

    queue.add(write("2", Urgency.NOW));
    assertThat(names(queue.take())).containsExactly("2 late", "2");
    queue.add(late("3"));
    queue.add(keyless());
    assertThat(names(queue.take())).containsExactly("1 late", "3 late", "many rows");
  }

  @Test
  void whatIsLateGoesByItselfInTheEnd() {
    queue.add(late("1"));

    assertThat(names(queue.take())).containsExactly("1 late");
  }

  @Test
  void whatIsLateWakesAWriterThatHasGoneToSleep() throws Exception {
    var taken = CompletableFuture.supplyAsync(queue::take);
    Thread.sleep(LateWrites.PATIENCE.plusMillis(100));
    queue.add(late("1"));

    assertThat(names(taken.get(10, TimeUnit.SECONDS))).containsExactly("1 late");
  }

  @Test
  void notTooManyAreLate() {
    for (int i = 0; i < 1500; i++) {
      queue.add(late(String.valueOf(i)));
    }
    queue.add(write("last", Urgency.NOW));

    List<String> taken = names(queue.take());
    assertThat(taken).hasSize(1500 - 1024 + 1).startsWith("last", "0 late", "1 late");
    assertThat(queue.close()).hasSize(1024);
  }

  @Test
  void aClosedLineTakesNobody() {
    queue.add(write("early", Urgency.SOON));

    assertThat(names(queue.close())).containsExactly("early");
    assertThat(queue.add(write("late", Urgency.NOW))).isFalse();
  }

  @Test
  void aGroupHasABound() {
    for (int i = 0; i < 1500; i++) {
      queue.add(write(String.valueOf(i), Urgency.NOW));
    }

    assertThat(queue.take()).hasSize(1024);
    assertThat(queue.take()).hasSize(476);
  }
}
