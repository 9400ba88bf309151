package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.response.ResponseId;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.LogPage;
import antiphon.core.store.NewResponse;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoreException;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.response.ResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Writing new responses and their logs. */
public abstract class WriteContract extends ReconstructContract {

  @Test
  void aBackgroundResponseIsQueuedWithItsFirstEvents() {
    NewResponse fresh = background(id(ACCOUNT));
    insert(fresh);

    StoredResponse found = find(fresh.id());
    assertThat(found.id()).isEqualTo(fresh.id());
    assertThat(found.status()).isEqualTo(ResponseStatus.QUEUED);
    assertThat(found.background()).isTrue();
    assertThat(found.epoch()).isZero();
    assertThat(found.leased()).isFalse();
    assertThat(found.createdAt()).isEqualTo(fresh.createdAt());
    assertThat(found.model()).isEqualTo("model-1");
    assertThat(found.previous()).isNull();
    assertThat(found.request()).isEqualTo(fresh.request());
    assertThat(found.input()).as("nobody shows it").isEmpty();
    assertThat(store().input(fresh.id()).orElseThrow()).isEqualTo(fresh.input());
    assertThat(found.metadata()).isEqualTo(fresh.metadata());
    assertThat(found.metadataVersion()).isZero();
    assertThat(found.nextSequence()).isEqualTo(2);
    assertThat(found.usage().outputTokens()).isZero();
    assertThat(found.snapshot()).isNull();
    assertThat(log(fresh.id())).isEqualTo(texts(events(0, 2)));
  }

  @Test
  void aForegroundResponseRunsFromTheStart() {
    ResponseId id = insert(foreground(id(USER)));

    StoredResponse found = find(id);
    assertThat(found.status()).isEqualTo(ResponseStatus.IN_PROGRESS);
    assertThat(found.background()).isFalse();
    assertThat(found.epoch()).isEqualTo(1);
    assertThat(found.leased()).isTrue();
    assertThat(found.nextSequence()).isZero();
    assertThat(log(id)).isEmpty();
  }

  @Test
  void anIdIsWrittenOnce() {
    ResponseId id = insert(foreground(id(ACCOUNT)));

    assertThatThrownBy(() -> get(store().insert(background(id))))
        .hasCauseInstanceOf(StoreException.class);
    assertThat(find(id).background()).isFalse();
  }

  @Test
  void oneWriteThatFailsTakesNoOtherWithIt() {
    ResponseId taken = insert(foreground(id(ACCOUNT)));
    List<CompletableFuture<Void>> others = new ArrayList<>();
    List<CompletableFuture<Void>> doubles = new ArrayList<>();
    List<ResponseId> fresh = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      fresh.add(id(ACCOUNT));
      others.add(store().insert(background(fresh.getLast())));
      doubles.add(store().insert(background(taken)));
    }

    others.forEach(StoreFixture::get);
    assertThat(doubles)
        .allSatisfy(d -> assertThatThrownBy(() -> get(d)).hasCauseInstanceOf(StoreException.class));
    assertThat(fresh).allSatisfy(id -> assertThat(log(id)).hasSize(2));
  }

  @Test
  void appendsFollowEachOtherAndCarryTheUsage() {
    RunKey run = running(ACCOUNT);

    assertThat(append(run, 2, 1)).isEqualTo(AppendOutcome.DONE);
    assertThat(append(run, 3, 5)).isEqualTo(AppendOutcome.DONE);

    assertThat(log(run.id())).isEqualTo(texts(events(0, 8)));
    assertThat(find(run.id()).nextSequence()).isEqualTo(8);
    assertThat(find(run.id()).usage()).isEqualTo(usage(8));
  }

  @Test
  void whatIsHandedInWithoutWaitingKeepsItsOrder() {
    RunKey run = running(ACCOUNT);
    List<CompletableFuture<AppendOutcome>> appends = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      appends.add(store().append(appendOf(run, 2 + i, 1)));
    }
    var end = store().end(run.id(), ending(run, 302, ResponseStatus.COMPLETED));

    assertThat(appends).allSatisfy(a -> assertThat(get(a)).isEqualTo(AppendOutcome.DONE));
    get(end);
    assertThat(log(run.id())).isEqualTo(texts(events(0, 304)));
  }

  @Test
  void anOldEpochIsFenced() {
    RunKey run = running(ACCOUNT);

    assertThat(append(new RunKey(run.id(), 0), 2, 1)).isEqualTo(AppendOutcome.FENCED);
    assertThat(append(new RunKey(run.id(), 2), 2, 1)).isEqualTo(AppendOutcome.FENCED);
    assertThat(append(new RunKey(id(ACCOUNT), 1), 2, 1)).isEqualTo(AppendOutcome.FENCED);
    assertThat(append(new RunKey(new ResponseId(USER, run.id().value()), 1), 2, 1))
        .isEqualTo(AppendOutcome.FENCED);
    assertThat(log(run.id())).hasSize(2);
  }

  @Test
  void aQueuedResponseTakesNoEvents() {
    ResponseId id = insert(background(id(ACCOUNT)));

    assertThat(append(new RunKey(id, 0), 2, 1)).isEqualTo(AppendOutcome.FENCED);
    assertThat(log(id)).hasSize(2);
  }

  @Test
  void aWriteThatIsHandedInAgainIsRecognised() {
    NewResponse fresh = background(id(ACCOUNT));
    insert(fresh);
    insert(fresh);
    assertThat(log(fresh.id())).hasSize(2);
    RunKey run = claimed(fresh.id(), "n1");

    assertThat(append(run, 2, 3)).isEqualTo(AppendOutcome.DONE);
    assertThat(append(run, 2, 3)).isEqualTo(AppendOutcome.DONE);
    assertThat(find(run.id()).nextSequence()).isEqualTo(5);

    EndOutcome first = end(run, 5, ResponseStatus.COMPLETED);
    EndOutcome again = end(run, 5, ResponseStatus.COMPLETED);
    assertThat(first).isInstanceOf(EndOutcome.Won.class);
    assertThat(again).usingRecursiveComparison().isEqualTo(first);
    assertThat(append(run, 2, 3)).isEqualTo(AppendOutcome.DONE);
    assertThat(append(run, 7, 1)).isEqualTo(AppendOutcome.FENCED);
    assertThat(log(run.id())).isEqualTo(texts(events(0, 7)));
  }

  @Test
  void aGapOrAnOverlapIsRefused() {
    RunKey run = running(ACCOUNT);

    assertThatThrownBy(() -> append(run, 3, 1)).hasCauseInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> append(run, 1, 1)).hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(log(run.id())).hasSize(2);
    assertThat(append(run, 2, 1)).isEqualTo(AppendOutcome.DONE);
  }

  @Test
  void theLogIsReadFromAnywhereInAnyPortion() {
    RunKey run = running(ACCOUNT);
    for (long first = 2; first < 50; first += 4) {
      append(run, first, 4);
    }
    List<String> all = texts(events(0, 50));

    for (int after = -1; after < 50; after++) {
      LogPage page = store().readLog(run.id(), after, 5);
      assertThat(page.firstSequence()).isEqualTo(after + 1);
      assertThat(page.rest()).isEqualTo(LogPage.Rest.MORE);
      int length = page.events().size();
      assertThat(length).isBetween(Math.min(1, 49 - after), 8);
      assertThat(texts(page.events())).isEqualTo(all.subList(after + 1, after + 1 + length));
    }
  }

  @Test
  void theLogTellsWhereItEnds() {
    RunKey run = running(ACCOUNT);
    append(run, 2, 1);
    end(run, 3, ResponseStatus.FAILED);

    assertThat(store().readLog(run.id(), -1, 1).rest()).isEqualTo(LogPage.Rest.MORE);
    LogPage whole = store().readLog(run.id(), -1, 100);
    assertThat(whole.rest()).isEqualTo(LogPage.Rest.NOTHING);
    assertThat(whole.events()).hasSize(5);
    LogPage behind = store().readLog(run.id(), 4, 100);
    assertThat(behind.rest()).isEqualTo(LogPage.Rest.NOTHING);
    assertThat(behind.events()).isEmpty();
  }

  @Test
  void anotherOwnersLogIsEmpty() {
    RunKey run = running(ACCOUNT);

    LogPage page = store().readLog(new ResponseId(USER, run.id().value()), -1, 100);
    assertThat(page.events()).isEmpty();
    assertThat(page.rest()).isEqualTo(LogPage.Rest.NOTHING);
  }
}
