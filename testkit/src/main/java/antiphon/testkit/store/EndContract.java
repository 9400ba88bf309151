package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.EndOutcome.AlreadyTerminal;
import antiphon.core.store.EndOutcome.Fenced;
import antiphon.core.store.EndOutcome.Gone;
import antiphon.core.store.EndOutcome.MetadataChanged;
import antiphon.core.store.EndOutcome.Won;
import antiphon.core.store.Ending;
import antiphon.core.store.NewResponse;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.response.ResponseStatus;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The ends of a response: each has one. */
public abstract class EndContract extends WriteContract {

  @Test
  void anEndWritesEventsStatusAndSnapshot() {
    RunKey run = running(ACCOUNT);
    append(run, 2, 3);

    EndOutcome outcome = end(run, 5, ResponseStatus.COMPLETED);

    StoredResponse found = find(run.id());
    assertThat(found.status()).isEqualTo(ResponseStatus.COMPLETED);
    assertThat(found.snapshot()).isEqualTo(snapshot(run.id(), ResponseStatus.COMPLETED));
    assertThat(found.nextSequence()).isEqualTo(7);
    assertThat(found.usage()).isEqualTo(usage(7));
    assertThat(found.leased()).isFalse();
    assertThat(log(run.id())).isEqualTo(texts(events(0, 7)));
    assertThat(outcome)
        .usingRecursiveComparison()
        .isEqualTo(new Won(found.status(), Objects.requireNonNull(found.snapshot())));
  }

  @Test
  void aForegroundEndBringsTheWholeLogEvenWithItsInsertStillWaiting() {
    ResponseId id = id(ACCOUNT);
    var inserted = store().insert(foreground(id));
    var ended = store().end(id, ending(new RunKey(id, 1), 0, ResponseStatus.INCOMPLETE));

    get(inserted);
    assertThat(get(ended)).isInstanceOf(Won.class);
    assertThat(find(id).status()).isEqualTo(ResponseStatus.INCOMPLETE);
    assertThat(log(id)).isEqualTo(texts(events(0, 2)));
  }

  /** A store may write such a response once, at its end; nobody can tell. */
  @Test
  void aBriefResponseIsLikeAnyOther() {
    ResponseId brief = id(ACCOUNT);
    ResponseId plain = insert(foreground(id(ACCOUNT)));
    var inserted = store().insert(brief(brief));
    EndOutcome outcome = end(new RunKey(brief, 1), 0, ResponseStatus.COMPLETED);
    end(new RunKey(plain, 1), 0, ResponseStatus.COMPLETED);

    get(inserted);
    assertThat(outcome)
        .usingRecursiveComparison()
        .isEqualTo(new Won(ResponseStatus.COMPLETED, snapshot(brief, ResponseStatus.COMPLETED)));
    assertThat(find(brief))
        .usingRecursiveComparison()
        .ignoringFields("id", "createdAt", "input", "snapshot")
        .isEqualTo(find(plain));
    assertThat(find(brief).id()).isEqualTo(brief);
    assertThat(text(store().input(brief).orElseThrow())).contains(brief.value());
    assertThat(find(brief).snapshot()).isEqualTo(snapshot(brief, ResponseStatus.COMPLETED));
    assertThat(log(brief)).isEqualTo(log(plain)).isEqualTo(texts(events(0, 2)));
    assertThat(store().delete(brief)).isTrue();
  }

  @Test
  void aBriefResponseThatIsHandedInAgainKnowsItself() {
    ResponseId id = id(ACCOUNT);
    NewResponse response = brief(id);
    for (int times = 0; times < 2; times++) {
      var inserted = store().insert(response);
      assertThat(end(new RunKey(id, 1), 0, ResponseStatus.CANCELLED)).isInstanceOf(Won.class);
      get(inserted);
    }
    assertThat(log(id)).hasSize(2);
  }

  @Test
  void aBriefResponseDoesNotTakeTheIdOfAnother() {
    ResponseId id = insert(foreground(id(ACCOUNT)));
    end(new RunKey(id, 1), 0, ResponseStatus.CANCELLED);
    StoredResponse before = find(id);
    var inserted = store().insert(brief(id));
    EndOutcome outcome = end(new RunKey(id, 1), 0, ResponseStatus.COMPLETED);

    assertThatThrownBy(() -> get(inserted)).hasRootCauseMessage("the id " + id + " is taken");
    assertThat(outcome).isInstanceOf(AlreadyTerminal.class);
    assertThat(find(id)).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void aBriefResponseThatTakesLongerIsWrittenBeforeItsEnd() {
    ResponseId id = id(ACCOUNT);
    get(store().insert(brief(id)));

    assertThat(find(id).status()).isEqualTo(ResponseStatus.IN_PROGRESS);
    assertThat(find(id).leased()).isTrue();
    assertThat(end(new RunKey(id, 1), 0, ResponseStatus.COMPLETED)).isInstanceOf(Won.class);
  }

  @Test
  void aHeartbeatFindsABriefResponseThatWaitsToBeWritten() {
    ResponseId id = id(ACCOUNT);
    RunKey run = new RunKey(id, 1);
    var inserted = store().insert(brief(id));

    assertThat(store().heartbeat("n1", List.of(run), LONG)).isEmpty();
    get(inserted);
    assertThat(end(run, 0, ResponseStatus.COMPLETED)).isInstanceOf(Won.class);
  }

  @Test
  void onlyTheFirstEndWins() {
    RunKey run = running(ACCOUNT);
    end(run, 2, ResponseStatus.CANCELLED);

    EndOutcome second = end(run, 2, ResponseStatus.COMPLETED);
    EndOutcome third = store().endFromLog(run.id(), log -> planned(log, ResponseStatus.FAILED));

    assertThat(second).isInstanceOf(AlreadyTerminal.class);
    assertThat(third).isInstanceOf(AlreadyTerminal.class);
    StoredResponse kept = find(run.id());
    assertThat(((AlreadyTerminal) second).response()).usingRecursiveComparison().isEqualTo(kept);
    assertThat(((AlreadyTerminal) third).response()).usingRecursiveComparison().isEqualTo(kept);
    assertThat(kept.status()).isEqualTo(ResponseStatus.CANCELLED);
    assertThat(text(kept.snapshot())).contains("CANCELLED");
    assertThat(log(run.id())).isEqualTo(texts(events(0, 4)));
  }

  @Test
  void nothingFollowsTheEnd() {
    RunKey run = running(ACCOUNT);
    end(run, 2, ResponseStatus.COMPLETED);

    assertThat(append(run, 4, 1)).isEqualTo(AppendOutcome.FENCED);
    assertThat(log(run.id())).hasSize(4);
  }

  @Test
  void anEndUnderAnOldEpochOrAShorterLogIsFenced() {
    RunKey run = running(ACCOUNT);
    append(run, 2, 3);

    assertThat(end(new RunKey(run.id(), 0), 5, ResponseStatus.COMPLETED))
        .isInstanceOf(Fenced.class);
    assertThat(end(run, 4, ResponseStatus.COMPLETED)).isInstanceOf(Fenced.class);
    assertThat(find(run.id()).status()).isEqualTo(ResponseStatus.IN_PROGRESS);
    assertThat(log(run.id())).hasSize(5);
  }

  @Test
  void theEndOfNothingIsGone() {
    ResponseId none = id(ACCOUNT);
    RunKey run = running(ACCOUNT);
    ResponseId foreign = new ResponseId(USER, run.id().value());

    assertThat(end(new RunKey(none, 1), 0, ResponseStatus.FAILED)).isInstanceOf(Gone.class);
    assertThat(end(new RunKey(foreign, 1), 2, ResponseStatus.FAILED)).isInstanceOf(Gone.class);
    assertThat(store().endFromLog(foreign, log -> planned(log, ResponseStatus.FAILED)))
        .isInstanceOf(Gone.class);
    assertThat(find(run.id()).status()).isEqualTo(ResponseStatus.IN_PROGRESS);
  }

  @Test
  void anEndWithOldMetadataIsToldTheNewOnes() {
    RunKey run = running(ACCOUNT);
    store().updateMetadata(run.id(), bytes("{\"c\":\"d\"}"), snapshot -> snapshot);

    EndOutcome outcome = end(run, 2, ResponseStatus.COMPLETED);

    assertThat(outcome).isInstanceOf(MetadataChanged.class);
    var changed = (MetadataChanged) outcome;
    assertThat(text(changed.metadata())).isEqualTo("{\"c\":\"d\"}");
    Ending first = ending(run, 2, ResponseStatus.COMPLETED);
    var again =
        new Ending(
            first.epoch(),
            first.firstSequence(),
            first.events(),
            first.status(),
            first.completedAt(),
            first.usage(),
            first.snapshot(),
            changed.version());
    assertThat(get(store().end(run.id(), again))).isInstanceOf(Won.class);
  }

  /** More than is read at a time, in many pieces and in few. */
  @Test
  void anEndFromALongLogSeesAllOfItAsOftenAsItLooks() throws Exception {
    RunKey run = running(ACCOUNT);
    List<byte[]> told = new ArrayList<>(events(0, 2));
    Random random = new Random(1);
    for (int size : List.of(1, 700_000, 10, 300_000, 1, 300_000, 5, 20_000, 20_000)) {
      byte[] text = new byte[size];
      random.nextBytes(text);
      byte[] event = bytes("{\"x\":\"" + Base64.getEncoder().encodeToString(text) + "\"}");
      get(store().append(new Append(run, told.size(), List.of(event), usage(1))));
      told.add(event);
    }
    List<List<String>> seen = new ArrayList<>();

    var outcome =
        store()
            .endFromLog(
                run.id(),
                log -> {
                  seen.clear();
                  seen.add(texts(all(log.events())));
                  seen.add(texts(all(log.events())));
                  return planned(log, ResponseStatus.CANCELLED);
                });

    assertThat(outcome).isInstanceOf(Won.class);
    assertThat(seen).isEqualTo(List.of(texts(told), texts(told)));
  }

  @Test
  void anEndFromTheLogSeesAllOfItAndFencesTheRun() throws Exception {
    RunKey run = running(ACCOUNT);
    append(run, 2, 3);
    var seen = new AtomicReference<Object>();

    EndOutcome outcome =
        otherNode()
            .endFromLog(
                run.id(),
                log -> {
                  seen.set(texts(all(log.events())));
                  return planned(log, ResponseStatus.CANCELLED);
                });

    assertThat(outcome).isInstanceOf(Won.class);
    assertThat(seen.get()).isEqualTo(texts(events(0, 5)));
    assertThat(find(run.id()).epoch()).isEqualTo(run.epoch() + 1);
    assertThat(append(run, 5, 1)).isEqualTo(AppendOutcome.FENCED);
    assertThat(end(run, 5, ResponseStatus.COMPLETED)).isInstanceOf(AlreadyTerminal.class);
    assertThat(log(run.id())).isEqualTo(texts(events(0, 7)));
  }

  @Test
  void aQueuedResponseIsEndedFromItsLogAndNeverClaimed() {
    ResponseId id = insert(background(id(ACCOUNT)));

    assertThat(store().endFromLog(id, log -> planned(log, ResponseStatus.CANCELLED)))
        .isInstanceOf(Won.class);
    assertThat(store().claim("n1", 10, LONG)).isEmpty();
    assertThat(store().queued()).isZero();
  }

  @Test
  void aPlanThatFailsChangesNothing() {
    RunKey run = running(ACCOUNT);

    assertThatThrownBy(() ->
            store()
                .endFromLog(
                    run.id(),
                    log -> {
                      throw new IllegalStateException("no plan");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no plan");
    assertThat(append(run, 2, 1)).isEqualTo(AppendOutcome.DONE);
  }

  @Test
  void metadataOfAnEndedResponseChangeTheSnapshotToo() {
    RunKey run = running(ACCOUNT);
    end(run, 2, ResponseStatus.COMPLETED);

    StoredResponse updated =
        store()
            .updateMetadata(run.id(), bytes("{}"), old -> bytes(text(old) + "+metadata"))
            .orElseThrow();

    assertThat(text(updated.snapshot()))
        .isEqualTo(text(snapshot(run.id(), ResponseStatus.COMPLETED)) + "+metadata");
    assertThat(text(updated.metadata())).isEqualTo("{}");
    assertThat(updated.metadataVersion()).isEqualTo(1);
    assertThat(find(run.id())).usingRecursiveComparison().isEqualTo(updated);
  }

  @Test
  void metadataOfNothingAreNotUpdated() {
    RunKey run = running(ACCOUNT);

    assertThat(store().updateMetadata(id(ACCOUNT), bytes("{}"), old -> old)).isEmpty();
    assertThat(
            store()
                .updateMetadata(new ResponseId(OTHER, run.id().value()), bytes("{}"), old -> old))
        .isEmpty();
    assertThat(find(run.id()).metadataVersion()).isZero();
  }
}
