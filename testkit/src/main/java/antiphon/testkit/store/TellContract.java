package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.ResponseId;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.Ending;
import antiphon.core.store.LogPage;
import antiphon.core.store.NewResponse;
import antiphon.core.store.Retention;
import antiphon.core.store.RunKey;
import antiphon.protocol.response.ResponseStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Logs that nobody followed: they are told when somebody asks, and kept from then on. */
public abstract class TellContract extends ParkContract {

  private EndOutcome endUntold(ResponseId id) {
    Ending whole = ending(new RunKey(id, 1), 0, ResponseStatus.COMPLETED);
    return get(
        store()
            .end(
                id,
                new Ending(
                    1,
                    0,
                    List.of(),
                    whole.status(),
                    whole.completedAt(),
                    whole.usage(),
                    whole.snapshot(),
                    0)));
  }

  private LogPage page(ResponseId id, long after) {
    return store().readLog(id, after, 100);
  }

  @Test
  void aLogIsToldOnce() {
    ResponseId id = insert(foreground(id(ACCOUNT)));
    assertThat(endUntold(id)).isInstanceOf(EndOutcome.Won.class);
    assertThat(find(id).snapshot()).isEqualTo(snapshot(id, ResponseStatus.COMPLETED));
    assertThat(find(id).usage()).isEqualTo(usage(2));
    assertThat(page(id, -1)).isEqualTo(new LogPage(0, List.of(), LogPage.Rest.UNTOLD));
    assertThat(page(id, 7).rest()).isEqualTo(LogPage.Rest.UNTOLD);

    store()
        .tell(
            id,
            snapshot -> {
              assertThat(snapshot).isEqualTo(snapshot(id, ResponseStatus.COMPLETED));
              return events(0, 4);
            });
    store().tell(id, _ -> events(0, 9));
    assertThat(texts(page(id, 1).events())).isEqualTo(texts(events(2, 2)));
    assertThat(page(id, 1).rest()).isEqualTo(LogPage.Rest.NOTHING);
    assertThat(find(id).nextSequence()).isEqualTo(4);
  }

  @Test
  void anInsertAndAnUntoldEndTogether() {
    NewResponse fresh = brief(id(ACCOUNT));
    CompletableFuture<Void> inserted = store().insert(fresh);
    assertThat(endUntold(fresh.id())).isInstanceOf(EndOutcome.Won.class);
    get(inserted);
    assertThat(find(fresh.id()).status()).isEqualTo(ResponseStatus.COMPLETED);
    assertThat(page(fresh.id(), -1).rest()).isEqualTo(LogPage.Rest.UNTOLD);
    assertThat(endUntold(fresh.id())).as("said again").isInstanceOf(EndOutcome.Won.class);
  }

  @Test
  void ofTwoWhoTellALogOneIsHeard() {
    ResponseId id = insert(foreground(id(ACCOUNT)));
    endUntold(id);
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(() -> store().tell(id, _ -> events(0, 3)));
    store().tell(id, _ -> events(0, 5));
    get(other);
    assertThat(log(id)).isIn(texts(events(0, 3)), texts(events(0, 5)));
    assertThat(find(id).nextSequence()).isEqualTo(log(id).size());
  }

  @Test
  void nothingIsToldOfWhatRunsOrHasALogOrIsSomebodyElses() {
    ResponseId running = insert(foreground(id(ACCOUNT)));
    store().tell(running, _ -> events(0, 3));
    assertThat(page(running, -1)).isEqualTo(new LogPage(0, List.of(), LogPage.Rest.MORE));

    endUntold(running);
    store().tell(new ResponseId(OTHER, running.value()), _ -> events(0, 9));
    assertThat(page(running, -1).rest()).isEqualTo(LogPage.Rest.UNTOLD);

    RunKey run = running(ACCOUNT);
    end(run, 2, ResponseStatus.COMPLETED);
    List<String> log = log(run.id());
    store().tell(run.id(), _ -> events(0, 9));
    assertThat(log(run.id())).isEqualTo(log);
  }

  @Test
  void whatHasExpiredIsNotToldAnyMore() {
    ResponseId id = insert(foreground(id(ACCOUNT)));
    endUntold(id);
    while (store().purge(new Retention(Duration.ofDays(36_500), Duration.ofDays(1)), 20) > 0) {}
    assertThat(page(id, -1).rest()).isEqualTo(LogPage.Rest.EXPIRED);
    store().tell(id, _ -> events(0, 3));
    assertThat(page(id, -1)).isEqualTo(new LogPage(0, List.of(), LogPage.Rest.EXPIRED));
  }
}
