package antiphon.store.sql;

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
final class LineTest {

  private final Line line = new Line();

  private static Waiting<?> write(String name, Urgency urgency) {
    return new Waiting<>(name, name, 1, urgency, _ -> true);
  }

  private static Waiting<?> late(String key) {
    return new Waiting<>(key + " late", key, 1, Urgency.LATE, _ -> true);
  }

  private static Waiting<?> keyless() {
    return new Waiting<>("many rows", "", 1, Urgency.NOW, _ -> true);
  }

  private static List<String> names(List<Waiting<?>> group) {
    return group.stream().map(Waiting::name).toList();
  }

  @Test
  void whatIsUrgentTakesAlongWhatCameBeforeInItsOrder() {
    line.add(write("insert", Urgency.SOON));
    line.add(write("append", Urgency.NOW));
    line.add(write("another", Urgency.SOON));

    assertThat(names(line.take())).containsExactly("insert", "append", "another");
  }

  @Test
  void whatIsNotUrgentIsWrittenAllTheSame() {
    line.add(write("insert", Urgency.SOON));

    assertThat(names(line.take())).containsExactly("insert");
  }

  @Test
  void whoeverWaitsIsWokenByTheFirst() throws Exception {
    var taken = CompletableFuture.supplyAsync(line::take);
    TimeUnit.MILLISECONDS.sleep(20);
    line.add(write("end", Urgency.NOW));

    assertThat(names(taken.get(10, TimeUnit.SECONDS))).containsExactly("end");
  }

  @Test
  void afterACrowdMoreAreLetCome() throws Exception {
    line.add(write("1", Urgency.NOW));
    line.add(write("2", Urgency.NOW));
    assertThat(line.take()).hasSize(2);
    TimeUnit.MILLISECONDS.sleep(10); // A commit so long that gathering takes its longest.
    line.add(write("3", Urgency.NOW));
    var adding =
        CompletableFuture.runAsync(
            () -> line.add(write("4", Urgency.NOW)),
            CompletableFuture.delayedExecutor(200, TimeUnit.MICROSECONDS));
    int together = line.take().size();
    adding.join();
    int rest = together == 2 ? 0 : line.take().size();

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
              line.add(write(name + i, i % 3 == 0 ? Urgency.NOW : Urgency.SOON));
            }
          }));
    }
    Map<String, Integer> next = new HashMap<>();
    for (int taken = 0; taken < clients * each; ) {
      for (String name : names(line.take())) {
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
    line.add(late("1"));
    line.add(late("2"));
    line.add(write("other", Urgency.NOW));
    assertThat(names(line.take())).containsExactly("other");

    line.add(write("2", Urgency.NOW));
    assertThat(names(line.take())).containsExactly("2 late", "2");
    line.add(late("3"));
    line.add(keyless());
    assertThat(names(line.take())).containsExactly("1 late", "3 late", "many rows");
  }

  @Test
  void whatIsLateGoesByItselfInTheEnd() {
    line.add(late("1"));

    assertThat(names(line.take())).containsExactly("1 late");
  }

  @Test
  void whatIsLateWakesAWriterThatHasGoneToSleep() throws Exception {
    var taken = CompletableFuture.supplyAsync(line::take);
    Thread.sleep(LateWrites.PATIENCE.plusMillis(100));
    line.add(late("1"));

    assertThat(names(taken.get(10, TimeUnit.SECONDS))).containsExactly("1 late");
  }

  @Test
  void notTooManyAreLate() {
    for (int i = 0; i < 1500; i++) {
      line.add(late(String.valueOf(i)));
    }
    line.add(write("last", Urgency.NOW));

    List<String> taken = names(line.take());
    assertThat(taken).hasSize(1500 - 1024 + 1).startsWith("last", "0 late", "1 late");
    assertThat(line.close()).hasSize(1024);
  }

  @Test
  void aClosedLineTakesNobody() {
    line.add(write("early", Urgency.SOON));

    assertThat(names(line.close())).containsExactly("early");
    assertThat(line.add(write("late", Urgency.NOW))).isFalse();
  }

  @Test
  void aGroupHasABound() {
    for (int i = 0; i < 1500; i++) {
      line.add(write(String.valueOf(i), Urgency.NOW));
    }

    assertThat(line.take()).hasSize(1024);
    assertThat(line.take()).hasSize(476);
  }
}
