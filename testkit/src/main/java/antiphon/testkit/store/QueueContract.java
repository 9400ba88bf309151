package antiphon.testkit.store;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.queue.Rank;
import antiphon.core.queue.Room;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Claim;
import antiphon.core.store.Claimed;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.trace.TraceParent;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.ServiceTier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** The queue and the leases. */
public abstract class QueueContract extends LeaseContract {

  @Test
  void aClaimStartsTheRun() {
    ResponseId id = insert(background(id(USER)));
    assertThat(store().queued()).isEqualTo(1);
    assertThat(store().queued(ACCOUNT.tenant()) + store().queued(OTHER.tenant())).isEqualTo(1);

    List<Claimed> claimed = store().claim("n1", 10, LONG);

    assertThat(claimed).hasSize(1);
    assertThat(claimed.getFirst().attempts()).isZero();
    assertThat(claimed.getFirst().response().id()).isEqualTo(id);
    assertThat(claimed.getFirst().response().status()).isEqualTo(ResponseStatus.IN_PROGRESS);
    assertThat(claimed.getFirst().response().epoch()).isEqualTo(1);
    assertThat(claimed.getFirst().response().leased()).isTrue();
    assertThat(claimed.getFirst().response().nextSequence()).isEqualTo(2);
    assertThat(store().queued()).isZero();
    assertThat(store().claim("n2", 10, LONG)).isEmpty();
  }

  @Test
  void aClaimKnowsTheTraceAlsoWhenItIsTakenOver() {
    TraceParent trace = new TraceParent("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", 1);
    ResponseId id = insert(in(trace, background(id(USER))));
    Claimed claimed = store().claim("n1", 10, LONG).getFirst();
    assertThat(claimed.trace()).isEqualTo(trace);
    store().expire(new RunKey(id, claimed.response().epoch()));
    assertThat(store().claim("n2", 10, LONG).getFirst().trace()).isEqualTo(trace);
    insert(background(id(USER)));
    assertThat(store().claim("n2", 10, LONG).getFirst().trace()).isNull();
  }

  @Test
  void foregroundResponsesAreNotClaimed() {
    insert(foreground(id(ACCOUNT)));

    assertThat(store().queued()).isZero();
    assertThat(store().claim("n1", 10, LONG)).isEmpty();
  }

  @Test
  void tiersGoAheadOfEachOtherAndAgeDecidesInside() {
    ResponseId flex = insert(background(id(ACCOUNT), ServiceTier.FLEX));
    ResponseId auto = insert(background(id(ACCOUNT), ServiceTier.AUTO));
    ResponseId standard = insert(background(id(ACCOUNT), ServiceTier.DEFAULT));
    ResponseId priority = insert(background(id(ACCOUNT), ServiceTier.PRIORITY));

    assertThat(claimOneByOne(4)).containsExactly(priority, auto, standard, flex);
  }

  @Test
  void aWaitingFlexResponseGetsAShare() {
    List<ResponseId> flex = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      flex.add(insert(background(id(ACCOUNT), ServiceTier.FLEX)));
    }
    for (int i = 0; i < 40; i++) {
      insert(background(id(ACCOUNT), ServiceTier.PRIORITY));
    }

    List<ResponseId> order = claimOneByOne(32);
    assertThat(order).containsSubsequence(flex);
    assertThat(order.subList(0, 8)).contains(flex.getFirst());
  }

  @Test
  void tenantsTakeTurnsHoweverManyOneHasWaiting() {
    for (int i = 0; i < 30; i++) {
      insert(background(id(ACCOUNT)));
    }
    List<ResponseId> late = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      late.add(insert(background(id(OTHER))));
    }

    assertThat(claimOneByOne(11)).containsAll(late);
  }

  @Test
  void tenantsTakeTurnsThoughEachResponseEndsAtOnce() {
    for (int i = 0; i < 30; i++) {
      insert(background(id(ACCOUNT)));
    }
    for (int i = 0; i < 5; i++) {
      insert(background(id(OTHER)));
    }

    Map<Owner, Integer> served = new HashMap<>();
    for (int i = 0; i < 10; i++) {
      Claimed next = store().claim("n1", 1, LONG).getFirst();
      served.merge(next.response().id().owner(), 1, Integer::sum);
      end(new RunKey(next.response().id(), 1), 2, ResponseStatus.COMPLETED);
    }
    assertThat(served).containsEntry(OTHER, 5);
  }

  @Test
  void aClaimOfManyIsFairToo() {
    for (int i = 0; i < 30; i++) {
      insert(background(id(ACCOUNT)));
    }
    List<ResponseId> late = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      late.add(insert(background(id(OTHER))));
    }

    List<Claimed> claimed = store().claim("n1", 12, LONG);
    assertThat(claimed).hasSize(12);
    assertThat(claimed.stream().map(c -> c.response().id())).containsAll(late);
  }

  @Test
  void placesAreSharedByTier() {
    for (int i = 0; i < 80; i++) {
      insert(background(id(ACCOUNT), ServiceTier.PRIORITY));
      if (i < 40) {
        insert(background(id(ACCOUNT), ServiceTier.DEFAULT));
        insert(background(id(OTHER), ServiceTier.FLEX));
      }
    }

    List<Claimed> claimed = new ArrayList<>();
    while (claimed.size() < 78) {
      claimed.addAll(store().claim("n1", 6, LONG));
    }
    assertThat(claimed.stream().collect(groupingBy(Claimed::rank, counting())))
        .isEqualTo(Map.of(Rank.FIRST, 48L, Rank.MIDDLE, 24L, Rank.LAST, 6L));
  }

  @Test
  void aFullQueueHoldsNobodyUp() {
    for (int i = 0; i < 20; i++) {
      insert(background(id(ACCOUNT), ServiceTier.PRIORITY, "busy"));
    }
    ResponseId idle = insert(background(id(ACCOUNT), ServiceTier.FLEX, "idle"));
    ResponseId strange = insert(background(id(ACCOUNT), ServiceTier.FLEX, "no longer there"));

    Room room = new Room(5, Map.of("busy", 0, "idle", 4), Map.of(), 100);
    Claim claim = store().claim("n1", room, LONG);
    assertThat(ids(claim)).containsExactlyInAnyOrder(idle, strange);
    assertThat(claim.more()).isTrue();

    Room two = new Room(5, Map.of("busy", 2, "idle", 4), Map.of(), 100);
    assertThat(store().claim("n1", two, LONG).claimed()).hasSize(2);
  }

  @Test
  void aFullTenantHoldsNobodyUp() {
    for (int i = 0; i < 20; i++) {
      insert(background(id(ACCOUNT), ServiceTier.PRIORITY));
    }
    ResponseId other = insert(background(id(OTHER), ServiceTier.FLEX));

    Room room = new Room(5, Map.of(), Map.of(ACCOUNT.tenant(), 0), 1);
    Claim claim = store().claim("n1", room, LONG);
    assertThat(ids(claim)).containsExactly(other);
    assertThat(claim.more()).isTrue();
    assertThat(store().claim("n1", new Room(5, Map.of(), Map.of(), 3), LONG).claimed()).hasSize(3);
  }

  @Test
  void nothingOfADeadNodeIsTakenThatThereIsNoRoomFor() throws Exception {
    List<ResponseId> left = new ArrayList<>();
    for (String queue : List.of("busy", "idle")) {
      for (Owner owner : List.of(ACCOUNT, OTHER)) {
        left.add(insert(background(id(owner), ServiceTier.AUTO, queue)));
      }
    }
    store().claim("n1", 10, SHORT);
    for (ResponseId id : left) {
      leaseRunsOut(id);
    }

    Room room = new Room(5, Map.of("busy", 0), Map.of(OTHER.tenant(), 0), 5);
    assertThat(ids(otherNode().claim("n2", room, LONG))).containsExactly(left.get(2));
    assertThat(otherNode().claim("n2", new Room(5, Map.of(), Map.of(), 1), LONG).claimed())
        .extracting(c -> c.response().id().owner())
        .containsExactlyInAnyOrder(ACCOUNT, OTHER);
  }

  @Test
  void allIsClaimedThatThereIsRoomFor() {
    insert(background(id(ACCOUNT)));
    assertThat(store().claim("n1", Room.of(2), LONG).more()).isFalse();
    insert(background(id(ACCOUNT)));
    insert(background(id(ACCOUNT)));
    assertThat(store().claim("n1", Room.of(1), LONG).more()).isTrue();
  }

  /** Thousands of tenants, each with something waiting: all get their turn. */
  @Test
  void everyTenantOfManyIsServed() {
    int tenants = 300;
    for (int turn = 0; turn < 3; turn++) {
      fill(tenants, i -> "t" + i);
    }
    Map<String, Integer> served = new HashMap<>();
    for (int i = 0; i < 2 * tenants / 10; i++) {
      for (Claimed one : store().claim("n1", 10, LONG)) {
        served.merge(one.response().id().owner().tenant(), 1, Integer::sum);
        end(new RunKey(one.response().id(), 1), 2, ResponseStatus.COMPLETED);
      }
    }
    assertThat(served).hasSize(tenants);
    assertThat(served.values()).containsOnly(2);
  }

  /** Compares medians of the same claims, so that a slow or busy machine slows both. */
  @Test
  void aClaimCostsTheSameHoweverManyTenantsWait() {
    fill(3000, _ -> "one");
    double one = medianClaim();
    fill(3000, i -> "many" + i);
    double many = medianClaim();

    assertThat(many).isLessThan(20 * one);
  }

  private double medianClaim() {
    long[] times = new long[60];
    for (int i = 0; i < times.length; i++) {
      long before = System.nanoTime();
      assertThat(store().claim("n1", 1, LONG)).hasSize(1);
      times[i] = System.nanoTime() - before;
    }
    Arrays.sort(times);
    double median = times[times.length / 2] / 1e6;
    Logger.getLogger(getClass().getName()).info("a claim took " + median + " ms");
    return median;
  }

  private void fill(int count, IntFunction<String> tenant) {
    List<CompletableFuture<Void>> written = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      written.add(store().insert(background(id(Owner.account(tenant.apply(i))))));
    }
    written.forEach(StoreFixture::get);
  }

  private static List<ResponseId> ids(Claim claim) {
    return claim.claimed().stream().map(c -> c.response().id()).toList();
  }

  @Test
  void endUsersOfATenantShareItsTurn() {
    for (int i = 0; i < 6; i++) {
      insert(background(id(new Owner("acme", "u" + i))));
    }
    ResponseId late = insert(background(id(OTHER)));

    assertThat(claimOneByOne(2)).contains(late);
  }

  @Test
  void eachWaitingResponseIsClaimedOnceThoughManyClaim() throws Exception {
    ResponseStore other = otherNode();
    assertClaimedOnce(n -> "n" + n, n -> n % 2 == 0 ? store() : other);
  }

  @Test
  void eachWaitingResponseIsClaimedOnceThoughManyOfOneNodeClaim() throws Exception {
    assertClaimedOnce(_ -> "n1", _ -> store());
  }

  private void assertClaimedOnce(IntFunction<String> name, IntFunction<ResponseStore> view)
      throws Exception {
    for (int i = 0; i < 200; i++) {
      insert(background(id(i % 3 == 0 ? ACCOUNT : OTHER)));
    }
    List<Claimed> claimed = Collections.synchronizedList(new ArrayList<>());
    List<CompletableFuture<Void>> claiming = new ArrayList<>();
    for (int n = 0; n < 6; n++) {
      String node = name.apply(n);
      ResponseStore store = view.apply(n);
      claiming.add(
          CompletableFuture.runAsync(
              () -> {
                while (store.queued() > 0) {
                  claimed.addAll(store.claim(node, 3, LONG));
                }
              },
              Thread::startVirtualThread));
    }
    claiming.forEach(StoreFixture::get);
    assertThat(claimed).hasSize(200);
    assertThat(claimed.stream().map(c -> c.response().id())).doesNotHaveDuplicates();
  }

  private List<ResponseId> claimOneByOne(int count) {
    List<ResponseId> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.add(store().claim("n1", 1, LONG).getFirst().response().id());
    }
    return order;
  }
}
