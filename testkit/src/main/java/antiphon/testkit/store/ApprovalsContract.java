package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Retention;
import antiphon.core.tool.Approvals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What must hold of used-up approvals in any store. */
public abstract class ApprovalsContract {

  @SuppressWarnings("NullAway.Init")
  private ResponseStore store;

  @SuppressWarnings("NullAway.Init")
  private Approvals approvals;

  /** A store that is empty. */
  protected abstract ResponseStore open() throws Exception;

  /** The approvals of that store. */
  protected abstract Approvals approvals(ResponseStore store);

  @BeforeEach
  void begin() throws Exception {
    store = open();
    approvals = approvals(store);
  }

  @AfterEach
  void end() {
    store.close();
  }

  private static ResponseId id(Owner owner, String value) {
    return new ResponseId(owner, value);
  }

  @Test
  void theFirstResponseHasItAndNoOther() {
    Owner owner = Owner.account("acme");
    assertThat(approvals.take(id(owner, "resp_1"), "mcpr_1")).isTrue();
    assertThat(approvals.take(id(owner, "resp_2"), "mcpr_1")).isFalse();
    assertThat(approvals.take(id(owner, "resp_1"), "mcpr_1")).as("its own, again").isTrue();
    assertThat(approvals.take(id(owner, "resp_2"), "mcpr_2")).isTrue();
  }

  @Test
  void ownersDoNotTakeEachOthers() {
    assertThat(approvals.take(id(Owner.account("acme"), "resp_1"), "mcpr_1")).isTrue();
    assertThat(approvals.take(id(new Owner("acme", "ann"), "resp_2"), "mcpr_1")).isTrue();
    assertThat(approvals.take(id(Owner.account("other"), "resp_3"), "mcpr_1")).isTrue();
  }

  @Test
  void ofManyAtOnceOneHasIt() throws Exception {
    List<Future<Boolean>> taken = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        ResponseId response = id(Owner.account("acme"), "resp_" + i);
        taken.add(threads.submit(() -> approvals.take(response, "mcpr_1")));
      }
    }
    int winners = 0;
    for (Future<Boolean> one : taken) {
      winners += one.get() ? 1 : 0;
    }
    assertThat(winners).isEqualTo(1);
  }

  @Test
  void theyAreForgottenWithTheResponses() {
    Owner owner = Owner.account("acme");
    assertThat(approvals.take(id(owner, "resp_1"), "mcpr_1")).isTrue();
    store.purge(new Retention(Duration.ofDays(1), Duration.ofDays(1)), 100);
    assertThat(approvals.take(id(owner, "resp_2"), "mcpr_1")).isFalse();
    Await.until(
        "it is forgotten",
        () -> {
          store.purge(new Retention(Duration.ofMillis(1), Duration.ofMillis(1)), 100);
          return approvals.take(id(owner, "resp_2"), "mcpr_1");
        });
  }
}
