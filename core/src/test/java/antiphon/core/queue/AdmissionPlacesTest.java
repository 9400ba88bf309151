package antiphon.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.protocol.response.ServiceTier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may run, and who goes next. */
@Timeout(60)
@SuppressWarnings("ThreadPriorityCheck") // Yielding lets the others in.
final class AdmissionPlacesTest {

  private static final int MANY = 1000;

  @Test
  void aBusyEngineLeavesTheNodesPlacesToOthers() {
    Admission admission = new Admission(10, MANY, Map.of("a", 1, "b", 1), TenantLimits.NONE);
    Admission.Ticket first = enter(admission, "t", "a");
    Admission.Ticket second = enter(admission, "t", "a");
    Admission.Ticket other = enter(admission, "t", "b");
    assertThat(runs(first)).isTrue();
    assertThat(runs(second)).isFalse();
    assertThat(runs(other)).isTrue();
    first.close();
    assertThat(runs(second)).isTrue();
  }

  @Test
  void aTenantAtItsLimitWaitsAndOthersGoOn() {
    Admission admission =
        new Admission(10, MANY, Map.of(), new TenantLimits(Map.of("small", 1), 2));
    Admission.Ticket first = enter(admission, "small", "a");
    Admission.Ticket second = enter(admission, "small", "a");
    assertThat(runs(second)).isFalse();
    assertThat(runs(enter(admission, "large", "a"))).isTrue();
    assertThat(runs(enter(admission, "large", "a"))).isTrue();
    assertThat(runs(enter(admission, "large", "a"))).isFalse();
    first.close();
    assertThat(runs(second)).isTrue();
  }

  @Test
  void tiersGoBeforeAge() {
    Admission admission = new Admission(10, MANY, Map.of("a", 1), TenantLimits.NONE);
    Admission.Ticket running = enter(admission, "t", "a");
    Admission.Ticket flex = admission.enter("t", "a", ServiceTier.FLEX);
    Admission.Ticket usual = admission.enter("t", "a", ServiceTier.DEFAULT);
    Admission.Ticket priority = admission.enter("t", "a", ServiceTier.PRIORITY);
    running.close();
    assertThat(List.of(runs(priority), runs(usual), runs(flex)))
        .containsExactly(true, false, false);
    priority.close();
    assertThat(List.of(runs(usual), runs(flex))).containsExactly(true, false);
    usual.close();
    assertThat(runs(flex)).isTrue();
  }

  @Test
  void theTenantWithTheLeastRunningGoesFirstThenTheOldest() {
    Admission admission = new Admission(2, MANY);
    Admission.Ticket a1 = enter(admission, "a", "e");
    Admission.Ticket a2 = enter(admission, "a", "e");
    Admission.Ticket a3 = enter(admission, "a", "e");
    Admission.Ticket b1 = enter(admission, "b", "e");
    a1.close();
    assertThat(runs(b1)).isTrue();
    assertThat(runs(a3)).isFalse();
    a2.close();
    assertThat(runs(a3)).isTrue();
  }

  @Test
  void whoeverLeavesTheLineMakesNoRoomAndTakesNone() {
    Admission admission = new Admission(1, MANY);
    Admission.Ticket running = enter(admission, "t", "e");
    Admission.Ticket gone = enter(admission, "t", "e");
    Admission.Ticket next = enter(admission, "t", "e");
    gone.close();
    gone.close();
    assertThat(runs(next)).isFalse();
    running.close();
    assertThat(runs(next)).isTrue();
    assertThat(admission.running()).isEqualTo(1);
  }

  @Test
  void oneTooManyIsRefusedAndTheOthersStay() {
    Admission admission = new Admission(1, 1);
    Admission.Ticket running = enter(admission, "t", "e");
    Admission.Ticket waits = enter(admission, "t", "e");
    assertThatThrownBy(() -> enter(admission, "t", "e"))
        .isInstanceOfSatisfying(
            Rejected.class,
            e ->
                assertThat(e.problem())
                    .isInstanceOf(Problem.Overloaded.class)
                    .extracting(Problem::message)
                    .asString()
                    .contains("1 responses of yours are waiting"));
    running.close();
    assertThat(runs(waits)).isTrue();
  }

  @Test
  void whatWasClaimedForABusyEngineGivesItsPlaceBackAndIsClaimedNoFurther() {
    Admission admission = new Admission(2, MANY, Map.of("a", 1), TenantLimits.NONE);
    Admission.Ticket running = enter(admission, "t", "a");
    Admission.Ticket first = admission.enterForBackground(Rank.MIDDLE);
    first.move("t", "a", Rank.MIDDLE);
    Admission.Ticket second = admission.enterForBackground(Rank.MIDDLE);
    assertThat(runs(second)).isTrue();
    second.move("t", "a", Rank.MIDDLE);
    // Two wait for their engine, as many as could run: no more are claimed.
    Admission.Ticket third = admission.enterForBackground(Rank.MIDDLE);
    assertThat(runs(third)).isFalse();
    assertThat(admission.takeFree(8)).isEmpty();
    running.close();
    assertThat(List.of(runs(first), runs(second), runs(third))).containsExactly(true, false, true);
  }

  /** Runs that change their engines both ways would lock each other out if they held on. */
  @Test
  void runsThatSwapEnginesNeverLockEachOtherOut() throws Exception {
    Admission admission =
        new Admission(3, MANY, Map.of("a", 1, "b", 1), new TenantLimits(Map.of("t0", 1), 2));
    Random random = new Random(7);
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        String tenant = "t" + random.nextInt(3);
        boolean forth = random.nextBoolean();
        boolean impatient = random.nextInt(5) == 0;
        all.add(threads.submit(() -> swap(admission, tenant, forth, impatient)));
      }
      for (Future<?> one : all) {
        one.get(30, TimeUnit.SECONDS);
      }
    }
    assertThat(admission.running()).isZero();
    assertThat(runs(enter(admission, "t0", "a"))).isTrue();
    assertThat(runs(enter(admission, "t1", "b"))).isTrue();
  }

  private static Void swap(Admission admission, String tenant, boolean forth, boolean impatient)
      throws InterruptedException {
    try (Admission.Ticket place = enter(admission, tenant, forth ? "a" : "b")) {
      if (impatient) {
        return null;
      }
      place.await();
      Thread.yield();
      place.move(tenant, forth ? "b" : "a", Rank.MIDDLE);
      place.await();
      Thread.yield();
    }
    return null;
  }

  private static Admission.Ticket enter(Admission admission, String tenant, String engine) {
    return admission.enter(tenant, engine, ServiceTier.AUTO);
  }

  private static boolean runs(Admission.Ticket ticket) {
    return ticket.granted();
  }
}
