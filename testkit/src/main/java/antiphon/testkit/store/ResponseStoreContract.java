package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.ChainLink;
import antiphon.core.store.Keyed;
import antiphon.core.store.LogPage;
import antiphon.core.store.NewResponse;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.store.Retention;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.response.ResponseStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Everything a store of responses must do; this last part is about reading, deleting and owners.
 */
public abstract class ResponseStoreContract extends SizesContract {

  private static final Retention FOR_EVER =
      new Retention(Duration.ofDays(36_500), Duration.ofDays(36_500));

  @Test
  void nobodyFindsWhatBelongsToAnother() {
    ResponseId account = insert(foreground(id(ACCOUNT)));
    ResponseId user = insert(foreground(id(USER)));
    List<Owner> owners =
        List.of(ACCOUNT, USER, OTHER, new Owner("acme", "User-1"), new Owner("acme", " "));

    for (Owner owner : owners) {
      assertThat(store().find(new ResponseId(owner, account.value())).isPresent())
          .isEqualTo(owner.equals(ACCOUNT));
      assertThat(store().find(new ResponseId(owner, user.value())).isPresent())
          .isEqualTo(owner.equals(USER));
      assertThat(chain(new ResponseId(owner, user.value())).isEmpty())
          .isEqualTo(!owner.equals(USER));
    }
    assertThat(listed(ACCOUNT, 10, false, null, null)).isEqualTo(valuesOf(account));
    assertThat(listed(USER, 10, false, null, null)).isEqualTo(valuesOf(user));
    assertThat(listed(OTHER, 10, false, null, null)).isEmpty();
  }

  @Test
  void ownersMayHaveTheSameId() {
    ResponseId one = insert(background(id(ACCOUNT)));
    ResponseId same = insert(foreground(new ResponseId(USER, one.value())));

    assertThat(find(one).background()).isTrue();
    assertThat(find(same).background()).isFalse();
    end(new RunKey(same, 1), 0, ResponseStatus.COMPLETED);
    assertThat(store().delete(same)).isTrue();
    assertThat(find(one).status()).isEqualTo(ResponseStatus.QUEUED);
  }

  @Test
  void aKeyMakesOneResponse() {
    byte[] hash = {1, 2, 3};
    NewResponse first = background(id(ACCOUNT));
    assertThat(store().findKeyed(ACCOUNT, "key")).isEmpty();
    assertThat(store().insertKeyed(first, "key", hash)).isEmpty();
    assertThat(store().insertKeyed(first, "key", hash)).as("the same write again").isEmpty();

    NewResponse second = background(id(ACCOUNT));
    Keyed taken = store().insertKeyed(second, "key", new byte[] {9}).orElseThrow();
    assertThat(taken.id()).isEqualTo(first.id());
    assertThat(taken.requestHash()).isEqualTo(hash);
    assertThat(store().find(second.id())).isEmpty();
    assertThat(store().findKeyed(ACCOUNT, "key").orElseThrow().id()).isEqualTo(first.id());
  }

  @Test
  void aKeyKeepsTheProblemThatItsCallWasAnsweredWith() {
    NewResponse made = foreground(id(ACCOUNT));
    NewResponse other = foreground(id(USER));
    assertThat(store().insertKeyed(made, "key", new byte[] {1})).isEmpty();
    assertThat(store().insertKeyed(other, "key", new byte[] {1})).isEmpty();
    assertThat(store().findKeyed(ACCOUNT, "key").orElseThrow().problem()).isNull();
    store().keepProblem(made.id(), "key", new byte[] {7});
    assertThat(store().findKeyed(ACCOUNT, "key").orElseThrow().problem()).isEqualTo(new byte[] {7});
    assertThat(store().findKeyed(USER, "key").orElseThrow().problem()).isNull();
  }

  @Test
  void keysAreEachOwnersOwn() {
    for (Owner owner : List.of(ACCOUNT, USER, OTHER)) {
      assertThat(store().insertKeyed(background(id(owner)), "key", new byte[] {1})).isEmpty();
    }
    assertThat(store().insertKeyed(background(id(USER)), "Key", new byte[] {1})).isEmpty();
  }

  @Test
  void ofManyWithOneKeyOneIsWritten() throws Exception {
    for (int round = 0; round < 10; round++) {
      String key = "key " + round;
      List<Callable<Optional<Keyed>>> tries = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        NewResponse response = background(id(ACCOUNT));
        tries.add(() -> store().insertKeyed(response, key, new byte[] {1}));
      }
      List<Keyed> losers = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<Optional<Keyed>> attempt : threads.invokeAll(tries)) {
          attempt.get().ifPresent(losers::add);
        }
      }
      assertThat(losers).hasSize(7);
      assertThat(losers.stream().map(Keyed::id).distinct()).hasSize(1);
      assertThat(store().find(losers.getFirst().id())).isPresent();
    }
  }

  @Test
  void aKeyGoesWithItsResponse() {
    NewResponse made = foreground(id(ACCOUNT));
    assertThat(store().insertKeyed(made, "key", new byte[] {1})).isEmpty();
    end(new RunKey(made.id(), 1), 0, ResponseStatus.COMPLETED);
    assertThat(store().delete(made.id())).isTrue();
    assertThat(store().findKeyed(ACCOUNT, "key")).as("deleted, not yet removed").isPresent();
    while (store().purge(FOR_EVER, 10) > 0) {}
    assertThat(store().findKeyed(ACCOUNT, "key")).isEmpty();
  }

  @Test
  void listsGoBothWaysFromAnywhere() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      all.add(insert(i % 2 == 0 ? foreground(id(ACCOUNT)) : background(id(ACCOUNT))).value());
    }
    for (boolean descending : List.of(false, true)) {
      if (descending) {
        Collections.reverse(all);
      }
      for (int limit : List.of(1, 3, 9, 10)) {
        checkPages(all, limit, descending);
      }
    }
  }

  private void checkPages(List<String> all, int limit, boolean descending) {
    assertThat(listed(ACCOUNT, limit, descending, null, null))
        .isEqualTo(all.subList(0, Math.min(limit, all.size())));
    for (int i = 0; i < all.size(); i++) {
      String cursor = all.get(i);
      int behind = Math.min(all.size(), i + 1 + limit);
      assertThat(listed(ACCOUNT, limit, descending, cursor, null))
          .isEqualTo(all.subList(i + 1, behind));
      assertThat(page(ACCOUNT, limit, descending, cursor, null).orElseThrow().hasMore())
          .isEqualTo(behind < all.size());
      int ahead = Math.max(0, i - limit);
      assertThat(listed(ACCOUNT, limit, descending, null, cursor)).isEqualTo(all.subList(ahead, i));
      assertThat(page(ACCOUNT, limit, descending, null, cursor).orElseThrow().hasMore())
          .isEqualTo(ahead > 0);
    }
    assertThat(listed(ACCOUNT, 100, descending, all.get(1), all.get(5)))
        .isEqualTo(all.subList(2, 5));
  }

  @Test
  void aListThatBeginsNowhereIsNone() {
    ResponseId user = insert(foreground(id(USER)));
    ResponseId deleted = insert(foreground(id(ACCOUNT)));
    end(new RunKey(deleted, 1), 0, ResponseStatus.COMPLETED);
    store().delete(deleted);

    for (String cursor : valuesOf(user, deleted, id(ACCOUNT))) {
      assertThat(page(ACCOUNT, 10, true, cursor, null)).isEmpty();
      assertThat(page(ACCOUNT, 10, true, null, cursor)).isEmpty();
    }
  }

  @Test
  void aChainIsReadFromItsBeginning() {
    @Nullable ResponseId previous = null;
    List<ResponseId> turns = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ResponseId turn = insert(following(id(ACCOUNT), previous == null ? null : previous.value()));
      if (i < 3) {
        end(new RunKey(turn, 1), 0, ResponseStatus.COMPLETED);
      }
      turns.add(turn);
      previous = turn;
    }

    List<ChainLink> chain = chain(turns.getLast());

    assertThat(chain)
        .extracting(ChainLink::id)
        .isEqualTo(turns.stream().map(ResponseId::value).toList());
    assertThat(text(chain.get(1).input())).contains(turns.get(1).value());
    assertThat(chain.get(1).snapshot()).isEqualTo(snapshot(turns.get(1), ResponseStatus.COMPLETED));
    assertThat(chain.get(1).status()).isEqualTo(ResponseStatus.COMPLETED);
    assertThat(chain.getLast().snapshot()).isNull();
    assertThat(chain.getLast().status()).isEqualTo(ResponseStatus.IN_PROGRESS);
    store().delete(turns.get(1));
    assertThat(chain(turns.getLast()))
        .extracting(ChainLink::id)
        .isEqualTo(valuesOf(turns.get(2), turns.get(3)));
    assertThat(chain(turns.get(1))).isEmpty();
  }

  @Test
  void aChainNeverLeavesItsOwner() {
    ResponseId foreign = insert(foreground(id(USER)));
    ResponseId mine = insert(following(id(ACCOUNT), foreign.value()));

    assertThat(chain(mine)).extracting(ChainLink::id).isEqualTo(valuesOf(mine));
    assertThat(find(mine).previous()).isEqualTo(foreign.value());
  }

  @Test
  void aDeletedResponseIsGoneForEveryone() throws Exception {
    RunKey run = running(ACCOUNT);
    ResponseId id = run.id();
    assertThat(store().delete(id)).as("while it runs").isFalse();
    end(run, 2, ResponseStatus.COMPLETED);

    assertThat(store().delete(new ResponseId(USER, id.value()))).isFalse();
    assertThat(otherNode().delete(id)).isTrue();

    assertThat(store().delete(id)).isFalse();
    assertThat(store().find(id)).isEmpty();
    assertThat(log(id)).isEmpty();
    assertThat(chain(id)).isEmpty();
    assertThat(listed(ACCOUNT, 10, true, null, null)).isEmpty();
    assertThat(store().updateMetadata(id, bytes("{}"), old -> old)).isEmpty();
    assertThat(store().purge(FOR_EVER, 100)).isPositive();
    assertThat(purgeAll(FOR_EVER)).isZero();
  }

  @Test
  void logsExpireBeforeTheirResponses() {
    ResponseId ended = running(ACCOUNT, 200);
    RunKey running = running(ACCOUNT);

    assertThat(store().purge(new Retention(Duration.ofDays(36_500), Duration.ofDays(1)), 20))
        .isPositive();

    LogPage expired = store().readLog(ended, -1, 100);
    assertThat(expired.rest()).as("expired with its first row").isEqualTo(LogPage.Rest.EXPIRED);
    assertThat(expired.events()).isEmpty();
    purgeAll(new Retention(Duration.ofDays(36_500), Duration.ofDays(1)));
    assertThat(store().readLog(ended, -1, 100)).isEqualTo(expired);
    assertThat(find(ended).snapshot()).isEqualTo(snapshot(ended, ResponseStatus.COMPLETED));
    assertThat(log(running.id())).hasSize(2);
  }

  @Test
  void whatIsNotToBeKeptGoesMinutesAfterItsEnd() {
    Retention years = new Retention(Duration.ofDays(36_500), Duration.ofDays(36_500));
    RunKey kept = running(ACCOUNT);
    RunKey running = claimed(insert(unkept(id(ACCOUNT))), "n1");
    RunKey ended = claimed(insert(unkept(id(ACCOUNT))), "n1");
    end(kept, 2, ResponseStatus.COMPLETED);
    end(ended, 2, ResponseStatus.COMPLETED);
    assertThat(find(ended.id()).status()).isEqualTo(ResponseStatus.COMPLETED);

    purgeAll(years);

    assertThat(store().find(ended.id())).isEmpty();
    assertThat(log(ended.id())).isEmpty();
    assertThat(find(kept.id()).status()).isEqualTo(ResponseStatus.COMPLETED);
    assertThat(find(running.id()).status()).isEqualTo(ResponseStatus.IN_PROGRESS);
  }

  @Test
  void responsesExpireButNeverThoseThatRun() {
    ResponseId ended = running(ACCOUNT, 200);
    RunKey running = running(ACCOUNT);
    ResponseId queued = insert(background(id(ACCOUNT)));

    purgeAll(new Retention(Duration.ofDays(1), Duration.ofDays(1)));

    assertThat(store().find(ended)).isEmpty();
    assertThat(find(running.id()).status()).isEqualTo(ResponseStatus.IN_PROGRESS);
    assertThat(find(queued).status()).isEqualTo(ResponseStatus.QUEUED);
    ResponseId again = insert(foreground(ended));
    assertThat(find(again).status()).isEqualTo(ResponseStatus.IN_PROGRESS);
    assertThat(log(again)).isEmpty();
  }

  @Test
  void noMoreIsHiddenAtATimeThanCanGoSoon() {
    for (int i = 0; i < 60; i++) {
      var _ = running(ACCOUNT, 1);
    }
    Retention old = new Retention(Duration.ofDays(1), Duration.ofDays(1));
    assertThat(store().purge(old, 50)).isPositive();
    assertThat(listed(ACCOUNT, 100, true, null, null)).hasSize(40);
    purgeAll(old);
    assertThat(listed(ACCOUNT, 100, true, null, null)).isEmpty();
  }

  @Test
  void theClockIsAClock() {
    Instant before = Instant.now().minusSeconds(5);
    assertThat(store().clock().instant()).isBetween(before, before.plusSeconds(10));
  }

  @Test
  void anInterruptedCallerKeepsItsInterruptAndItsAnswer() throws Exception {
    RunKey run = running(ACCOUNT);
    var flags = new ArrayList<Boolean>();
    Thread caller =
        Thread.startVirtualThread(() -> {
          Thread.currentThread().interrupt();
          append(run, 2, 1);
          flags.add(Thread.interrupted());
          Thread.currentThread().interrupt();
          store().find(run.id());
          flags.add(Thread.interrupted());
          Thread.currentThread().interrupt();
          store().endFromLog(run.id(), log -> planned(log, ResponseStatus.CANCELLED));
          flags.add(Thread.interrupted());
        });
    caller.join();
    assertThat(flags).containsExactly(true, true, true);
    assertThat(find(run.id()).status()).isEqualTo(ResponseStatus.CANCELLED);
    assertThat(log(run.id())).hasSize(5);
  }

  /** An ended response with this many events and two, in many chunks; it ended in the past. */
  private ResponseId running(Owner owner, int events) {
    RunKey run = running(owner);
    for (int i = 0; i < events; i++) {
      assertThat(append(run, 2 + i, 1)).isEqualTo(AppendOutcome.DONE);
    }
    end(run, 2 + events, ResponseStatus.COMPLETED);
    return run.id();
  }

  private int purgeAll(Retention retention) {
    int all = 0;
    int some = 1;
    for (int rounds = 0; some > 0; rounds++) {
      assertThat(rounds).isLessThan(100);
      some = store().purge(retention, 50);
      all += some;
    }
    return all;
  }

  private Optional<Page<StoredResponse>> page(
      Owner owner, int limit, boolean descending, @Nullable String after, @Nullable String before) {
    return store().list(owner, new PageRequest(limit, descending, after, before), 1_000_000);
  }

  private List<String> listed(
      Owner owner, int limit, boolean descending, @Nullable String after, @Nullable String before) {
    return idsOf(page(owner, limit, descending, after, before).orElseThrow().data());
  }
}
