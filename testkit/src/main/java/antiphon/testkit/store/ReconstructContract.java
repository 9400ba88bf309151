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
public abstract class ReconstructContract extends ParkContract {

  private EndOutcome endUnwritten(ResponseId id) {
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
    assertThat(endUnwritten(id)).isInstanceOf(EndOutcome.Won.class);
    assertThat(find(id).snapshot()).isEqualTo(snapshot(id, ResponseStatus.COMPLETED));
    assertThat(find(id).usage()).isEqualTo(usage(2));
    assertThat(page(id, -1)).isEqualTo(new LogPage(0, List.of(), LogPage.Rest.UNWRITTEN));
    assertThat(page(id, 7).rest()).isEqualTo(LogPage.Rest.UNWRITTEN);

    store()
        .reconstruct(
            id,
            snapshot -> {
              assertThat(snapshot).isEqualTo(snapshot(id, ResponseStatus.COMPLETED));
              return events(0, 4);
            });
    store().reconstruct(id, _ -> events(0, 9));
    assertThat(texts(page(id, 1).events())).isEqualTo(texts(events(2, 2)));
    assertThat(page(id, 1).rest()).isEqualTo(LogPage.Rest.NOTHING);
    assertThat(find(id).nextSequence()).isEqualTo(4);
  }

  @Test
  void anInsertAndAnUnwrittenEndTogether() {
    NewResponse fresh = brief(id(ACCOUNT));
    CompletableFuture<Void> inserted = store().insert(fresh);
    assertThat(endUnwritten(fresh.id())).isInstanceOf(EndOutcome.Won.class);
    get(inserted);
    assertThat(find(fresh.id()).status()).isEqualTo(ResponseStatus.COMPLETED);
    assertThat(page(fresh.id(), -1).rest()).isEqualTo(LogPage.Rest.UNWRITTEN);
    assertThat(endUnwritten(fresh.id())).as("said again").isInstanceOf(EndOutcome.Won.class);
  }

  @Test
  void ofTwoWhoTellALogOneIsHeard() {
    ResponseId id = insert(foreground(id(ACCOUNT)));
    endUnwritten(id);
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(() -> store().reconstruct(id, _ -> events(0, 3)));
    store().reconstruct(id, _ -> events(0, 5));
    get(other);
    assertThat(log(id)).isIn(texts(events(0, 3)), texts(events(0, 5)));
    assertThat(find(id).nextSequence()).isEqualTo(log(id).size());
  }

  @Test
  void nothingIsToldOfWhatRunsOrHasALogOrIsSomebodyElses() {
    ResponseId running = insert(foreground(id(ACCOUNT)));
    store().reconstruct(running, _ -> events(0, 3));
    assertThat(page(running, -1)).isEqualTo(new LogPage(0, List.of(), LogPage.Rest.MORE));

    endUnwritten(running);
    store().reconstruct(new ResponseId(OTHER, running.value()), _ -> events(0, 9));
    assertThat(page(running, -1).rest()).isEqualTo(LogPage.Rest.UNWRITTEN);

    RunKey run = running(ACCOUNT);
    end(run, 2, ResponseStatus.COMPLETED);
    List<String> log = log(run.id());
    store().reconstruct(run.id(), _ -> events(0, 9));
    assertThat(log(run.id())).isEqualTo(log);
  }

  @Test
  void whatHasExpiredIsNotToldAnyMore() {
    ResponseId id = insert(foreground(id(ACCOUNT)));
    endUnwritten(id);
    while (store().purge(new Retention(Duration.ofDays(36_500), Duration.ofDays(1)), 20) > 0) {}
    assertThat(page(id, -1).rest()).isEqualTo(LogPage.Rest.EXPIRED);
    store().reconstruct(id, _ -> events(0, 3));
    assertThat(page(id, -1)).isEqualTo(new LogPage(0, List.of(), LogPage.Rest.EXPIRED));
  }
}
