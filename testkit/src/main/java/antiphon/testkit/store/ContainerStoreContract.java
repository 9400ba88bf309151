package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.container.ContainerId;
import antiphon.core.container.ContainerStore;
import antiphon.core.container.StoredContainer;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Everything a store of containers must do. */
public abstract class ContainerStoreContract {

  private static final Owner ANN = new Owner("acme", "ann");
  private static final Owner BOB = new Owner("acme", "bob");

  /** The store under test, empty at the start of each test. */
  protected abstract ContainerStore containers();

  private StoredContainer container(Owner owner, String id, long age, int idleMinutes) {
    long at = containers().clock().millis() - age;
    return new StoredContainer(
        new ContainerId(owner, id),
        "name of " + id,
        "node_1",
        at,
        at,
        idleMinutes,
        1L << 30,
        at + age + Duration.ofMinutes(10).toMillis(),
        null,
        null);
  }

  private StoredContainer found(String id) {
    return containers().find(new ContainerId(ANN, id)).orElseThrow();
  }

  @Test
  void aContainerIsFoundByItsOwnerAlone() {
    StoredContainer made = container(ANN, "cntr_1", 0, 20);
    containers().add(made);
    containers().add(made);

    assertThat(found("cntr_1")).isEqualTo(made);
    assertThat(containers().find(new ContainerId(BOB, "cntr_1"))).isEmpty();
    assertThat(containers().find(new ContainerId(Owner.account("acme"), "cntr_1"))).isEmpty();
    assertThat(containers().find(new ContainerId(ANN, "cntr_2"))).isEmpty();
  }

  @Test
  void anOwnersContainersAreListedPageByPage() {
    for (int i = 0; i < 5; i++) {
      containers().add(container(ANN, "cntr_" + i, 1000 - i, 20));
    }
    containers().add(container(BOB, "cntr_b", 500, 20));

    assertThat(ids(page(2, true, null))).containsExactly("cntr_4", "cntr_3");
    assertThat(page(2, true, null).hasMore()).isTrue();
    assertThat(ids(page(3, true, "cntr_3"))).containsExactly("cntr_2", "cntr_1", "cntr_0");
    assertThat(page(3, true, "cntr_3").hasMore()).isFalse();
    assertThat(ids(page(9, false, "cntr_3"))).containsExactly("cntr_4");
    assertThat(containers().list(ANN, new PageRequest(2, true, "cntr_b", null))).isEmpty();
  }

  private Page<StoredContainer> page(
      int limit, boolean descending, @org.jspecify.annotations.Nullable String after) {
    return containers().list(ANN, new PageRequest(limit, descending, after, null)).orElseThrow();
  }

  private static List<String> ids(Page<StoredContainer> page) {
    return page.data().stream().map(one -> one.id().value()).toList();
  }

  @Test
  void useKeepsItFromExpiring() {
    containers().add(container(ANN, "cntr_1", Duration.ofMinutes(21).toMillis(), 20));
    assertThat(found("cntr_1").running(containers().clock().millis())).isFalse();
    assertThat(found("cntr_1").why(containers().clock().millis())).contains("20 minutes");

    containers().touch(new ContainerId(ANN, "cntr_1"));

    assertThat(found("cntr_1").running(containers().clock().millis())).isTrue();
  }

  @Test
  void itEndsOnceAndStaysEnded() {
    containers().add(container(ANN, "cntr_1", 0, 20));

    assertThat(containers().end(new ContainerId(BOB, "cntr_1"), "no")).isFalse();
    assertThat(containers().end(new ContainerId(ANN, "cntr_1"), "it was so")).isTrue();
    assertThat(containers().end(new ContainerId(ANN, "cntr_1"), "again")).isFalse();
    containers().touch(new ContainerId(ANN, "cntr_1"));
    containers().renew("node_1", Duration.ofHours(1));

    long now = containers().clock().millis();
    assertThat(found("cntr_1").running(now)).isFalse();
    assertThat(found("cntr_1").why(now)).isEqualTo("it was so");
  }

  @Test
  void itIsLostWithItsNode() {
    StoredContainer made = container(ANN, "cntr_1", 0, 20);
    containers().add(made);
    containers().add(container(ANN, "cntr_2", 0, 20));
    assertThat(made.running(made.leaseUntil())).isFalse();
    assertThat(made.why(made.leaseUntil() - 1)).contains("has stopped");

    containers().renew("node_2", Duration.ofHours(9));
    assertThat(found("cntr_1").leaseUntil()).isEqualTo(made.leaseUntil());
    containers().renew("node_1", Duration.ofHours(9));
    assertThat(found("cntr_1").leaseUntil()).isGreaterThan(made.leaseUntil());

    containers().leave("node_2", "stopped");
    assertThat(found("cntr_1").endedAt()).isNull();
    containers().leave("node_1", "stopped");
    assertThat(found("cntr_1").why(0)).isEqualTo("stopped");
    assertThat(found("cntr_2").endedAt()).isNotNull();
  }

  @Test
  void aDeletedOneIsForgotten() {
    containers().add(container(ANN, "cntr_1", 0, 20));

    assertThat(containers().delete(new ContainerId(BOB, "cntr_1"))).isFalse();
    assertThat(containers().delete(new ContainerId(ANN, "cntr_1"))).isTrue();
    assertThat(containers().delete(new ContainerId(ANN, "cntr_1"))).isFalse();
    assertThat(containers().find(new ContainerId(ANN, "cntr_1"))).isEmpty();
  }

  @Test
  void oldOnesArePurged() {
    long day = Duration.ofDays(1).toMillis();
    containers().add(container(ANN, "cntr_new", 0, 20));
    containers().add(container(ANN, "cntr_old", day + Duration.ofMinutes(21).toMillis(), 20));
    containers().add(container(ANN, "cntr_long", day + Duration.ofMinutes(21).toMillis(), 60));
    containers().add(container(ANN, "cntr_ended", day + 1000, 60));
    containers().end(new ContainerId(ANN, "cntr_ended"), "so");

    assertThat(containers().purge(Duration.ofDays(1), 1)).isEqualTo(1);
    assertThat(containers().purge(Duration.ofDays(1), 9)).isEqualTo(1);
    assertThat(containers().purge(Duration.ofDays(1), 9)).isZero();
    assertThat(ids(page(9, true, null))).containsExactlyInAnyOrder("cntr_new", "cntr_long");
  }
}
