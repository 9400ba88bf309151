package antiphon.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.ResponseId;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.Claimed;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.EndOutcome.AlreadyTerminal;
import antiphon.core.store.EndOutcome.Gone;
import antiphon.core.store.EndOutcome.Won;
import antiphon.core.store.LogPage;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.response.ResponseStatus;
import antiphon.testkit.store.Await;
import antiphon.testkit.store.StoreFixture;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two want the same response. One of them is held at a point on its way, the other comes meanwhile;
 * whoever gets there first must win alone, and the other must learn what won.
 */
public abstract class RaceContract extends StoreFixture {

  protected final Parking parking = new Parking();

  protected abstract ResponseStore open(Parking watching) throws Exception;

  @Override
  protected final ResponseStore open() throws Exception {
    return open(parking);
  }

  /**
   * Where the first is held. Once its transaction has begun, the second may have to wait for it.
   */
  enum Held {
    BEFORE_IT_IS_QUEUED(Parking.Point.SUBMIT),
    BEFORE_ITS_STATEMENT(Parking.Point.EXECUTE),
    AFTER_ITS_STATEMENTS(Parking.Point.EXECUTED);

    final Parking.Point point;

    Held(Parking.Point point) {
      this.point = point;
    }
  }

  @ParameterizedTest
  @EnumSource
  void cancelAgainstCompletion(Held held) {
    RunKey run = running(ACCOUNT);
    Race<EndOutcome, EndOutcome> race =
        race(held, "end", () -> end(run, 2, ResponseStatus.COMPLETED), () -> cancel(run.id()));
    checkOneEnd(run.id(), race.first(), race.second());
  }

  @ParameterizedTest
  @EnumSource
  void completionAgainstCancel(Held held) {
    RunKey run = running(ACCOUNT);
    Race<EndOutcome, EndOutcome> race =
        race(
            held,
            "endFromLog",
            () -> cancel(run.id()),
            () -> end(run, 2, ResponseStatus.COMPLETED));
    checkOneEnd(run.id(), race.first(), race.second());
  }

  @ParameterizedTest
  @EnumSource
  void failureAgainstCompletion(Held held) {
    RunKey run = running(ACCOUNT);
    Race<EndOutcome, EndOutcome> race =
        race(
            held,
            "endFromLog",
            () -> store().endFromLog(run.id(), log -> planned(log, ResponseStatus.FAILED)),
            () -> end(run, 2, ResponseStatus.COMPLETED));
    checkOneEnd(run.id(), race.first(), race.second());
  }

  @ParameterizedTest
  @EnumSource
  void twoCancels(Held held) {
    RunKey run = running(ACCOUNT);
    Race<EndOutcome, EndOutcome> race =
        race(held, "endFromLog", () -> cancel(run.id()), () -> cancel(run.id()));
    checkOneEnd(run.id(), race.first(), race.second());
  }

  @ParameterizedTest
  @EnumSource
  void cancelAgainstAppend(Held held) {
    RunKey run = running(ACCOUNT);
    Race<AppendOutcome, EndOutcome> race =
        race(held, "append", () -> append(run, 2, 3), () -> cancel(run.id()));

    assertThat(race.second()).isInstanceOf(Won.class);
    int appended = race.first() == AppendOutcome.DONE ? 3 : 0;
    assertThat(log(run.id())).isEqualTo(texts(events(0, 4 + appended)));
    assertThat(find(run.id()).nextSequence()).isEqualTo(4 + appended);
  }

  @ParameterizedTest
  @EnumSource
  void appendAgainstCancel(Held held) {
    RunKey run = running(ACCOUNT);
    Race<EndOutcome, AppendOutcome> race =
        race(held, "endFromLog", () -> cancel(run.id()), () -> append(run, 2, 3));

    assertThat(race.first()).isInstanceOf(Won.class);
    int appended = race.second() == AppendOutcome.DONE ? 3 : 0;
    assertThat(log(run.id())).isEqualTo(texts(events(0, 4 + appended)));
  }

  @ParameterizedTest
  @EnumSource
  void deleteAgainstEnd(Held held) {
    RunKey run = running(ACCOUNT);
    Race<Boolean, EndOutcome> race =
        race(
            held,
            "delete",
            () -> store().delete(run.id()),
            () -> end(run, 2, ResponseStatus.COMPLETED));

    assertThat(race.second()).isInstanceOf(Won.class);
    assertThat(store().find(run.id()).isPresent()).isEqualTo(!race.first());
  }

  @ParameterizedTest
  @EnumSource
  void cancelAgainstDelete(Held held) {
    RunKey run = running(ACCOUNT);
    end(run, 2, ResponseStatus.COMPLETED);
    Race<EndOutcome, Boolean> race =
        race(held, "endFromLog", () -> cancel(run.id()), () -> store().delete(run.id()));

    assertThat(race.second()).isTrue();
    assertThat(race.first()).isInstanceOfAny(Gone.class, AlreadyTerminal.class);
    assertThat(store().find(run.id())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void twoClaims(Held held) {
    ResponseId id = insert(background(id(ACCOUNT)));
    Race<List<Claimed>, List<Claimed>> race =
        race(held, "claim", () -> store().claim("n1", 1, LONG), () -> store().claim("n2", 1, LONG));

    assertThat(race.first().size() + race.second().size()).isEqualTo(1);
    assertThat(find(id).epoch()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void cancelAgainstClaim(Held held) {
    ResponseId id = insert(background(id(ACCOUNT)));
    Race<List<Claimed>, EndOutcome> race =
        race(held, "claim", () -> store().claim("n1", 1, LONG), () -> cancel(id));

    assertThat(race.second()).isInstanceOf(Won.class);
    assertThat(find(id).status()).isEqualTo(ResponseStatus.CANCELLED);
    if (!race.first().isEmpty()) {
      assertThat(append(new RunKey(id, 1), 2, 1)).isEqualTo(AppendOutcome.FENCED);
    }
    assertThat(log(id)).isEqualTo(texts(events(0, 4)));
  }

  @ParameterizedTest
  @EnumSource
  void takeoverAgainstAppend(Held held) {
    ResponseId id = insert(background(id(ACCOUNT)));
    store().claim("n1", 1, LONG);
    RunKey old = new RunKey(id, 1);
    store().expire(old);
    Race<AppendOutcome, List<Claimed>> race =
        race(held, "append", () -> append(old, 2, 1), () -> store().claim("n2", 1, LONG));

    // Claimed with the event or without it, but never with a log that the new run does not know. A
    // claim may pass over a row that is being written to.
    List<Claimed> claimed = race.second().isEmpty() ? store().claim("n2", 1, LONG) : race.second();
    StoredResponse taken = claimed.getFirst().response();
    assertThat(taken.nextSequence()).isEqualTo(race.first() == AppendOutcome.DONE ? 3 : 2);
    assertThat(append(new RunKey(id, 2), taken.nextSequence(), 1)).isEqualTo(AppendOutcome.DONE);
    assertThat(log(id)).isEqualTo(texts(events(0, (int) taken.nextSequence() + 1)));
  }

  @Test
  void whoIsToldOfTheEndCanReadIt() {
    RunKey run = running(ACCOUNT);
    parking.park(Parking.Point.COMMITTED, "");
    var ended = store().end(run.id(), ending(run, 2, ResponseStatus.COMPLETED));
    parking.awaitParked();

    assertThat(ended).isNotDone();
    assertThat(find(run.id()).status()).isEqualTo(ResponseStatus.COMPLETED);
    parking.release();
    assertThat(get(ended)).isInstanceOf(Won.class);
  }

  @Test
  void nothingIsReadOfWhatIsNotCommitted() {
    RunKey run = running(ACCOUNT);
    parking.park(Parking.Point.COMMIT, "");
    var ended = store().end(run.id(), ending(run, 2, ResponseStatus.COMPLETED));
    parking.awaitParked();

    assertThat(find(run.id()).status()).isEqualTo(ResponseStatus.IN_PROGRESS);
    assertThat(log(run.id())).hasSize(2);
    parking.release();
    get(ended);
    assertThat(log(run.id())).hasSize(4);
  }

  @Test
  void aCommitWhoseAnswerIsLostIsRecognised() {
    RunKey run = running(ACCOUNT);
    ResponseId other = id(ACCOUNT);
    var appended = store().append(appendOf(run, 2, 3));
    parking.loseNextAnswer();
    var inserted = store().insert(background(other));
    var ended = store().end(run.id(), ending(run, 5, ResponseStatus.COMPLETED));

    assertThat(get(appended)).isEqualTo(AppendOutcome.DONE);
    get(inserted);
    assertThat(get(ended)).isInstanceOf(Won.class);
    assertThat(log(run.id())).isEqualTo(texts(events(0, 7)));
    assertThat(log(other)).hasSize(2);
  }

  @Test
  void aBriefResponseWhoseAnswerIsLostIsRecognised() {
    ResponseId id = id(ACCOUNT);
    parking.loseNextAnswer();
    var inserted = store().insert(brief(id));
    var ended = store().end(id, ending(new RunKey(id, 1), 0, ResponseStatus.COMPLETED));

    get(inserted);
    assertThat(get(ended)).isInstanceOf(Won.class);
    assertThat(log(id)).isEqualTo(texts(events(0, 2)));
  }

  @Test
  void aCancelWhoseAnswerIsLostIsRecognised() {
    RunKey run = running(ACCOUNT);
    parking.loseNextAnswer();
    assertThat(cancel(run.id())).isInstanceOf(Won.class);
    assertThat(log(run.id())).isEqualTo(texts(events(0, 4)));
    parking.loseNextAnswer();
    assertThat(store().delete(run.id())).isTrue();
    assertThat(store().find(run.id())).isEmpty();
  }

  private record Race<A, B>(A first, B second) {}

  private <A, B> Race<A, B> race(Held held, String write, Supplier<A> first, Supplier<B> second) {
    parking.park(held.point, write);
    CompletableFuture<A> one = async(first);
    parking.awaitParked();
    long submitted = parking.submitted();
    CompletableFuture<B> two = async(second);
    if (held == Held.BEFORE_IT_IS_QUEUED) {
      get(two);
    } else {
      Await.until("the second to try", () -> parking.submitted() > submitted);
      awaitStuckOrDone(two);
    }
    parking.release();
    return new Race<>(get(one), get(two));
  }

  /** Until the second is done, or has to wait for the one that is held. */
  protected abstract void awaitStuckOrDone(CompletableFuture<?> second);

  private static <T> CompletableFuture<T> async(Supplier<T> call) {
    var future = new CompletableFuture<T>();
    Thread.startVirtualThread(() -> {
      try {
        future.complete(call.get());
      } catch (Throwable e) {
        future.completeExceptionally(e);
      }
    });
    return future;
  }

  private EndOutcome cancel(ResponseId id) {
    return store().endFromLog(id, log -> planned(log, ResponseStatus.CANCELLED));
  }

  private void checkOneEnd(ResponseId id, EndOutcome one, EndOutcome two) {
    StoredResponse kept = find(id);
    EndOutcome winner = one instanceof Won ? one : two;
    EndOutcome loser = one instanceof Won ? two : one;
    assertThat(loser).isInstanceOf(AlreadyTerminal.class);
    assertThat(winner)
        .usingRecursiveComparison()
        .isEqualTo(new Won(kept.status(), Objects.requireNonNull(kept.snapshot())));
    assertThat(((AlreadyTerminal) loser).response()).usingRecursiveComparison().isEqualTo(kept);
    assertThat(kept.snapshot()).isEqualTo(snapshot(id, kept.status()));
    assertThat(log(id)).isEqualTo(texts(events(0, 4)));
    assertThat(store().readLog(id, 3, 1).rest()).isEqualTo(LogPage.Rest.NOTHING);
  }
}
