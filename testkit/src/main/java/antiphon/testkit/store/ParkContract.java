package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.queue.Room;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.Chain;
import antiphon.core.store.Claimed;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.Ending;
import antiphon.core.store.Entries;
import antiphon.core.store.Retention;
import antiphon.core.store.RunKey;
import antiphon.core.store.WakeOutcome;
import antiphon.protocol.response.ResponseStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The inner log of a response, and responses that wait. */
public abstract class ParkContract extends StoreFixture {

  private static final long FAR = Duration.ofDays(1).toMillis();

  private static List<byte[]> some(String... entries) {
    return List.of(entries).stream().map(StoreFixture::bytes).toList();
  }

  private AppendOutcome append(RunKey run, long first, int events, int entry, String... entries) {
    return get(
        store()
            .append(
                new Append(
                    run,
                    first,
                    events(first, events),
                    usage(first),
                    new Entries(entry, some(entries)))));
  }

  private List<String> entries(ResponseId id) {
    return texts(store().entries(id));
  }

  private long later() {
    return store().clock().millis() + FAR;
  }

  private RunKey claimed(ResponseId id) {
    Claimed claimed = store().claim("n2", 1, LONG).getFirst();
    assertThat(claimed.response().id()).isEqualTo(id);
    return new RunKey(id, claimed.response().epoch());
  }

  @Test
  void entriesAreWrittenWithEventsOrNotAtAll() {
    RunKey run = running(ACCOUNT);
    assertThat(append(run, 2, 1, 0, "\"a\"", "\"b\"")).isEqualTo(AppendOutcome.DONE);
    assertThat(append(run, 3, 0, 2, "\"c\"")).isEqualTo(AppendOutcome.DONE);
    assertThat(entries(run.id())).containsExactly("\"a\"", "\"b\"", "\"c\"");
    assertThat(log(run.id())).hasSize(3);
    RunKey fenced = new RunKey(run.id(), run.epoch() + 1);
    assertThat(append(fenced, 3, 1, 3, "\"d\"")).isEqualTo(AppendOutcome.FENCED);
    assertThat(append(fenced, 3, 0, 3, "\"d\"")).isEqualTo(AppendOutcome.FENCED);
    assertThat(entries(run.id())).hasSize(3);
    assertThat(entries(id(ACCOUNT))).isEmpty();
  }

  @Test
  void whatIsHandedInAgainIsWrittenOnce() {
    RunKey run = running(ACCOUNT);
    for (int i = 0; i < 2; i++) {
      assertThat(append(run, 2, 1, 0, "\"a\"")).isEqualTo(AppendOutcome.DONE);
    }
    for (int i = 0; i < 2; i++) {
      assertThat(append(run, 3, 0, 1, "\"b\"")).isEqualTo(AppendOutcome.DONE);
    }
    assertThat(entries(run.id())).containsExactly("\"a\"", "\"b\"");
  }

  @Test
  void anEndBringsTheLastOnes() {
    RunKey run = running(ACCOUNT);
    Ending plain = ending(run, 2, ResponseStatus.COMPLETED);
    Ending ending =
        new Ending(
            plain.epoch(),
            plain.firstSequence(),
            plain.events(),
            plain.status(),
            plain.completedAt(),
            plain.usage(),
            plain.snapshot(),
            plain.metadataVersion(),
            new Entries(0, some("\"last\"")));
    assertThat(get(store().end(run.id(), ending))).isInstanceOf(EndOutcome.Won.class);
    assertThat(entries(run.id())).containsExactly("\"last\"");
  }

  @Test
  void whoEndsFromTheLogAndWhoFollowsInTheChainSeesThem() {
    RunKey run = running(ACCOUNT);
    append(run, 2, 0, 0, "\"a\"");
    var _ =
        store()
            .endFromLog(
                run.id(),
                log -> {
                  assertThat(texts(log.entries())).containsExactly("\"a\"");
                  return planned(log, ResponseStatus.CANCELLED);
                });
    ResponseId next = insert(following(id(ACCOUNT), run.id().value()));
    assertThat(((Chain.Links) store().chain(next, 1_000_000)).links())
        .extracting(link -> texts(link.entries()))
        .containsExactly(List.of("\"a\""), List.of());
    assertThat(store().chain(run.id(), 10)).isInstanceOf(Chain.TooLarge.class);
  }

  @Test
  void theyGoWithTheirResponse() {
    RunKey run = running(ACCOUNT);
    append(run, 2, 0, 0, "\"a\"");
    end(run, 2, ResponseStatus.COMPLETED);
    assertThat(store().delete(run.id())).isTrue();
    Retention retention = new Retention(Duration.ofDays(1), Duration.ofDays(1));
    while (store().purge(retention, 100) > 0) {
      assertThat(entries(run.id())).isEmpty();
    }
  }

  @Test
  void whatWaitsIsNotClaimedBeforeItIsWoken() {
    RunKey run = running(ACCOUNT);
    append(run, 2, 1, 0, "\"waits\"");
    assertThat(store().park(run, later())).isTrue();
    assertThat(find(run.id()).status()).isEqualTo(ResponseStatus.IN_PROGRESS);
    assertThat(find(run.id()).leased()).isFalse();
    assertThat(store().claim("n2", 10, LONG)).isEmpty();
    assertThat(store().held("n1")).isEmpty();
    assertThat(append(run, 3, 1, 1, "\"late\"")).isEqualTo(AppendOutcome.FENCED);

    assertThat(store().wake(run.id(), bytes("\"woken\""))).isEqualTo(WakeOutcome.WOKEN);
    assertThat(store().wake(run.id(), bytes("\"again\""))).isEqualTo(WakeOutcome.NOT_WAITING);
    RunKey next = claimed(run.id());
    assertThat(next.epoch()).isGreaterThan(run.epoch());
    assertThat(entries(run.id())).endsWith("\"woken\"");
    assertThat(store().wake(run.id(), bytes("\"x\""))).isEqualTo(WakeOutcome.NOT_WAITING);
    assertThat(store().wake(id(ACCOUNT), bytes("\"x\""))).isEqualTo(WakeOutcome.GONE);
    assertThat(store().wake(new ResponseId(OTHER, run.id().value()), bytes("\"x\"")))
        .isEqualTo(WakeOutcome.GONE);
  }

  @Test
  void aTimeThatHasComeMakesItClaimableAndNobodyHasDied() {
    RunKey run = running(ACCOUNT);
    assertThat(store().park(run, store().clock().millis() - 1)).isTrue();
    Claimed claimed = store().claim("n2", 1, LONG).getFirst();
    assertThat(claimed.response().id()).isEqualTo(run.id());
    assertThat(claimed.attempts()).isZero();
  }

  @Test
  void whatWaitsHoldsNoPlaceOfItsTenantAndWaitsForOneWhenItsTimeHasCome() {
    RunKey run = running(ACCOUNT);
    assertThat(store().park(run, store().clock().millis() - 1)).isTrue();
    Room full = new Room(5, Map.of(), Map.of(ACCOUNT.tenant(), 0), Integer.MAX_VALUE);
    assertThat(store().claim("n2", full, LONG).claimed()).isEmpty();
    assertThat(store().claim("n2", 5, LONG)).hasSize(1);
  }

  @Test
  void onlyItsRunMayLetItWait() {
    RunKey run = running(ACCOUNT);
    assertThat(store().park(new RunKey(run.id(), run.epoch() + 1), later())).isFalse();
    assertThat(store().park(run, later())).isTrue();
    assertThat(store().park(run, later())).as("waits already").isFalse();
    store().release(run);
    store().expire(run);
    assertThat(store().claim("n2", 1, LONG)).isEmpty();
  }

  @Test
  void whatWaitsCanBeEnded() {
    RunKey run = running(ACCOUNT);
    assertThat(store().park(run, later())).isTrue();
    assertThat(store().endFromLog(run.id(), log -> planned(log, ResponseStatus.CANCELLED)))
        .isInstanceOf(EndOutcome.Won.class);
    assertThat(store().wake(run.id(), bytes("\"x\""))).isEqualTo(WakeOutcome.NOT_WAITING);
    assertThat(store().claim("n2", 1, LONG)).isEmpty();
    assertThat(find(run.id()).status()).isEqualTo(ResponseStatus.CANCELLED);
  }
}
