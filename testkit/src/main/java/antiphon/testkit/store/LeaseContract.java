package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.ResponseId;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.Claimed;
import antiphon.core.store.Recalled;
import antiphon.core.store.RunKey;
import antiphon.protocol.response.ResponseStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who runs what until when: leases, dead nodes, and what becomes of their runs. */
public abstract class LeaseContract extends EndContract {

  protected static final Duration SHORT = Duration.ofMillis(50);

  @Test
  void aDeadNodesBackgroundResponseIsTakenOver() throws Exception {
    ResponseId id = insert(background(id(ACCOUNT)));
    store().claim("n1", 1, SHORT);
    RunKey first = new RunKey(id, 1);
    leaseRunsOut(id);

    List<Claimed> again = otherNode().claim("n2", 10, LONG);

    assertThat(again).hasSize(1);
    assertThat(again.getFirst().attempts()).isEqualTo(1);
    assertThat(again.getFirst().response().epoch()).isEqualTo(2);
    assertThat(append(first, 2, 1)).isEqualTo(AppendOutcome.FENCED);
    assertThat(append(new RunKey(id, 2), 2, 1)).isEqualTo(AppendOutcome.DONE);
    assertThat(store().heartbeat("n1", List.of(first), LONG))
        .containsExactly(new Recalled.Lost(first));
  }

  @Test
  void whatANodeLetsGoOfIsTakenOverAtOnceAndNobodyDied() {
    RunKey run = running(ACCOUNT);
    RunKey ended = running(ACCOUNT);
    end(ended, 2, ResponseStatus.COMPLETED);

    store().release(new RunKey(run.id(), 7));
    assertThat(store().claim("n2", 10, LONG)).isEmpty();
    store().release(run);
    store().release(ended);

    List<Claimed> claimed = store().claim("n2", 10, LONG);
    assertThat(claimed).extracting(c -> c.response().id()).containsExactly(run.id());
    assertThat(claimed.getFirst().attempts()).isZero();
    assertThat(append(run, 2, 1)).isEqualTo(AppendOutcome.FENCED);
  }

  @Test
  void aNodeThatIsAliveAllTheSameDidNotDie() throws Exception {
    ResponseId id = insert(background(id(ACCOUNT)));
    store().claim("n1", 1, SHORT);
    leaseRunsOut(id);
    assertThat(store().claim("n2", 10, LONG).getFirst().attempts()).isEqualTo(1);

    store().release(new RunKey(id, 1));
    store().release(new RunKey(id, 1));
    store().expire(new RunKey(id, 1));

    store().release(new RunKey(id, 2));
    assertThat(store().claim("n3", 10, LONG).getFirst().attempts()).isZero();
  }

  @Test
  void aNodeThatTakesItsOwnRunUpAgainHasNotDied() throws Exception {
    ResponseId id = insert(background(id(ACCOUNT)));
    store().claim("n1", 1, SHORT);
    leaseRunsOut(id);

    assertThat(store().claim("n1", 10, LONG).getFirst().attempts()).isZero();
    store().release(new RunKey(id, 1));
    store().release(new RunKey(id, 2));
    assertThat(store().claim("n2", 10, LONG).getFirst().attempts()).isZero();
  }

  @Test
  void aRunThatFailsOnItsNodeCountsAsADeath() {
    RunKey run = running(ACCOUNT);

    store().expire(run);
    store().expire(run);

    List<Claimed> claimed = store().claim("n1", 10, LONG);
    assertThat(claimed).hasSize(1);
    assertThat(claimed.getFirst().attempts()).isEqualTo(1);
  }

  @Test
  void whatANodeHoldsIsTold() {
    RunKey background = running(ACCOUNT);
    ResponseId foreground = insert(foreground(id(USER)));
    insert(background(id(ACCOUNT)));
    RunKey ended = running(USER);
    end(ended, 2, ResponseStatus.COMPLETED);

    assertThat(store().held("n1"))
        .contains(background, new RunKey(foreground, 1))
        .doesNotContain(ended);
    assertThat(store().held("n2")).isEmpty();
  }

  @Test
  void aHeartbeatKeepsALease() throws Exception {
    ResponseId id = insert(background(id(ACCOUNT)));
    store().claim("n1", 1, SHORT);
    RunKey run = new RunKey(id, 1);

    assertThat(store().heartbeat("n1", List.of(run), LONG)).isEmpty();
    ResponseId marker = insert(background(id(ACCOUNT)));
    store().claim("n1", 1, SHORT);
    leaseRunsOut(marker);

    assertThat(find(id).leased()).isTrue();
    assertThat(store().claim("n2", 10, LONG))
        .extracting(c -> c.response().id())
        .containsOnly(marker);
  }

  @Test
  void aHeartbeatTellsWhatIsLost() {
    RunKey running = running(ACCOUNT);
    RunKey ended = running(USER);
    end(ended, 2, ResponseStatus.COMPLETED);
    RunKey unknown = new RunKey(id(ACCOUNT), 1);

    assertThat(store().heartbeat("n1", List.of(running, ended, unknown), LONG))
        .containsExactlyInAnyOrder(new Recalled.Lost(ended), new Recalled.Lost(unknown));
    assertThat(store().heartbeat("n2", List.of(running), LONG))
        .containsExactly(new Recalled.Lost(running));
  }

  @Test
  void aHeartbeatOfManyTellsOfEach() {
    List<RunKey> all = new ArrayList<>();
    for (int i = 0; i < 1200; i++) {
      ResponseId id = id(ACCOUNT);
      all.add(new RunKey(id, 1));
      if (i % 3 > 0) {
        var inserted = store().insert(foreground(id));
        if (i % 100 == 1) {
          get(inserted);
        }
      }
    }

    assertThat(store().heartbeat("n1", all, LONG)).hasSize(400);
  }

  @Test
  void theNodeThatRunsAForegroundResponseIsAskedToCancelIt() throws Exception {
    ResponseId foreground = insert(foreground(id(ACCOUNT)));
    RunKey background = running(ACCOUNT);
    RunKey run = new RunKey(foreground, 1);

    otherNode().requestCancel(foreground);
    otherNode().requestCancel(background.id());
    otherNode().requestCancel(id(ACCOUNT));

    assertThat(store().heartbeat("n1", List.of(run, background), LONG))
        .containsExactly(new Recalled.CancelRequested(run));
    assertThat(find(foreground).status()).isEqualTo(ResponseStatus.IN_PROGRESS);
  }

  @Test
  void foregroundResponsesOfADeadNodeAreOrphans() throws Exception {
    ResponseId kept = insert(foreground(id(ACCOUNT)));
    ResponseId left = insert(foreground(id(USER)));
    insert(background(id(ACCOUNT)));
    assertThat(store().orphans(10)).isEmpty();

    store().heartbeat("n1", List.of(new RunKey(left, 1)), SHORT);
    leaseRunsOut(left);

    assertThat(store().orphans(10)).containsExactly(left);
    assertThat(find(kept).leased()).isTrue();
    assertThat(store().claim("n2", 10, LONG)).hasSize(1);
    store().endFromLog(left, log -> planned(log, ResponseStatus.FAILED));
    assertThat(store().orphans(10)).isEmpty();
  }
}
