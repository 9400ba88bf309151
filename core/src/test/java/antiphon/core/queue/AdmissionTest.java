package antiphon.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.queue.Admission.Ticket;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.protocol.response.ServiceTier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

@SuppressWarnings("ThreadPriorityCheck") // Yielding lets the others in.
class AdmissionTest {

  /** Who has been let in, in this order, when the places are given back one by one. */
  private static List<String> order(Admission admission, Ticket running, List<Entry> entries)
      throws InterruptedException {
    List<String> order = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (Entry entry : entries) {
      Ticket ticket = admission.enter(entry.tenant, "e", entry.tier);
      threads.add(
          Thread.startVirtualThread(() -> {
            try (ticket) {
              ticket.await();
              synchronized (order) {
                order.add(entry.tenant);
              }
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }));
    }
    running.close();
    for (Thread thread : threads) {
      thread.join();
    }
    return order;
  }

  private record Entry(String tenant, ServiceTier tier) {}

  @Test
  void byTierThenByAge() throws InterruptedException {
    Admission admission = new Admission(1, 10);
    Ticket running = admission.enter("x", "e", ServiceTier.AUTO);
    assertThat(
            order(
                admission,
                running,
                List.of(
                    new Entry("flex", ServiceTier.FLEX),
                    new Entry("auto", ServiceTier.AUTO),
                    new Entry("default", ServiceTier.DEFAULT),
                    new Entry("priority", ServiceTier.PRIORITY))))
        .containsExactly("priority", "auto", "default", "flex");
  }

  @Test
  void flexGetsItsShare() throws InterruptedException {
    Admission admission = new Admission(1, 100);
    Ticket running = admission.enter("x", "e", ServiceTier.AUTO);
    List<Entry> entries = new ArrayList<>();
    entries.add(new Entry("flex", ServiceTier.FLEX));
    for (int i = 0; i < 20; i++) {
      entries.add(new Entry("auto", ServiceTier.AUTO));
    }
    assertThat(order(admission, running, entries).indexOf("flex")).isBetween(1, 8);
  }

  @Test
  void eachTierMovesWhilePriorityWorkKeepsComing() throws InterruptedException {
    Admission admission = new Admission(1, 100);
    Ticket running = admission.enter("x", "e", ServiceTier.AUTO);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      entries.add(new Entry("priority", ServiceTier.PRIORITY));
      entries.add(new Entry("default", ServiceTier.DEFAULT));
    }
    entries.add(new Entry("flex", ServiceTier.FLEX));
    List<String> first = order(admission, running, entries).subList(0, 13);
    assertThat(first).filteredOn("default"::equals).hasSizeBetween(3, 5);
    assertThat(first).contains("flex");
  }

  @Test
  void backgroundWorkTakesTurnsWithItsTier() {
    Admission admission = new Admission(1, 100);
    Ticket running = admission.enter("x", "e", ServiceTier.AUTO);
    List<Ticket> foreground = new ArrayList<>();
    int background = 0;
    for (int i = 0; i < 10; i++) {
      foreground.add(admission.enter("x", "e", ServiceTier.DEFAULT));
    }
    for (int i = 0; i < 10; i++) {
      Ticket next = admission.enterForBackground(Rank.MIDDLE);
      running.close();
      background += next.granted() ? 1 : 0;
      running =
          next.granted()
              ? next
              : foreground.stream().filter(Ticket::granted).findFirst().orElseThrow();
      if (!running.equals(next)) {
        foreground.remove(running);
        next.close();
      }
    }
    assertThat(background).isEqualTo(5);
  }

  @Test
  void whoRunsLeastGoesFirst() throws InterruptedException {
    Admission admission = new Admission(2, 100);
    Ticket busy = admission.enter("busy", "e", ServiceTier.AUTO);
    Ticket running = admission.enter("x", "e", ServiceTier.AUTO);
    assertThat(
            order(
                admission,
                running,
                List.of(
                    new Entry("busy", ServiceTier.AUTO),
                    new Entry("busy", ServiceTier.AUTO),
                    new Entry("idle", ServiceTier.AUTO))))
        .startsWith("idle");
    busy.close();
    assertThat(admission.running()).isZero();
  }

  @Test
  void aTenantThatHasTooManyWaitingShutsNobodyElseOut() {
    Admission admission = new Admission(1, 2);
    Ticket running = admission.enter("busy", "e", ServiceTier.FLEX);
    List<Ticket> waiting = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      waiting.add(admission.enter("busy", "e", ServiceTier.FLEX));
    }
    assertThatThrownBy(() -> admission.enter("busy", "e", ServiceTier.FLEX))
        .isInstanceOf(Rejected.class);
    for (int tenant = 0; tenant < Admission.MOST_TENANTS_WAITING - 1; tenant++) {
      waiting.add(admission.enter("t" + tenant, "e", ServiceTier.PRIORITY));
      waiting.add(admission.enter("t" + tenant, "e", ServiceTier.PRIORITY));
    }
    assertThatThrownBy(() -> admission.enter("late", "e", ServiceTier.PRIORITY))
        .as("all together are bounded too")
        .isInstanceOf(Rejected.class);
    waiting.forEach(Ticket::close);
    running.close();
    assertThat(admission.running()).isZero();
    admission.enter("late", "e", ServiceTier.PRIORITY).close();
  }

  @Test
  void oneTooManyIsRefused() {
    Admission admission = new Admission(1, 1);
    Ticket running = admission.enter("x", "e", ServiceTier.AUTO);
    Ticket waiting = admission.enter("x", "e", ServiceTier.AUTO);
    assertThatThrownBy(() -> admission.enter("x", "e", ServiceTier.PRIORITY))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.Overloaded.class));
    waiting.close();
    admission.enter("x", "e", ServiceTier.AUTO).close();
    running.close();
    assertThat(admission.running()).isZero();
  }

  @Test
  void backgroundTakesAtMostHalfOfWhatIsFree() {
    Admission admission = new Admission(10, 0);
    List<Ticket> taken = admission.takeFree(100);
    assertThat(taken).hasSize(5);
    assertThat(admission.takeFree(100)).hasSize(2);
    assertThat(admission.takeFree(1)).hasSize(1);
    taken.forEach(Ticket::close);
    assertThat(admission.running()).isEqualTo(3);
  }

  @Test
  void neverMoreThanThereIsRoomFor() throws Exception {
    Admission admission = new Admission(3, 1000);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        String tenant = "t" + i % 7;
        ServiceTier tier = i % 3 == 0 ? ServiceTier.FLEX : ServiceTier.AUTO;
        all.add(
            threads.submit(() -> {
              try (Ticket ticket = admission.enter(tenant, "e", tier)) {
                ticket.await();
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                Thread.yield();
                inside.decrementAndGet();
              }
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(most.get()).isBetween(1, 3);
    assertThat(admission.running()).isZero();
  }

  @Test
  void threadsDoNotMeetInTheMiddle() {
    new StressOptions()
        .actorsBefore(0)
        .actorsAfter(0)
        .threads(3)
        .actorsPerThread(3)
        .iterations(25)
        .invocationsPerIteration(500)
        .check(Places.class);
  }

  /** Four places, as threads see them. */
  public static class Places {
    private final Admission admission = new Admission(4, 0);

    /** Comes and says whether it was let in. */
    @Operation
    public boolean enter() {
      try {
        admission.enter("t", "e", ServiceTier.AUTO);
        return true;
      } catch (Rejected _) {
        return false;
      }
    }

    /** Takes half of what is free. */
    @Operation
    public int takeFree() {
      return admission.takeFree(4).size();
    }

    /** How many are in. */
    @Operation
    public int running() {
      return admission.running();
    }
  }
}
