package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.Chain;
import antiphon.core.store.ChainLink;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.Ending;
import antiphon.core.store.LogPage;
import antiphon.core.store.NewResponse;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.response.ResponseStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is read is bounded in bytes, however much there is. */
public abstract class SizesContract extends QueueContract {

  @Test
  void aChainThatIsTooLargeIsNone() {
    ResponseId first = insert(foreground(id(ACCOUNT)));
    ResponseId second = insert(following(id(ACCOUNT), first.value()));
    long bytes = chain(second).stream().mapToLong(ChainLink::bytes).sum();

    assertThat(store().chain(second, bytes)).isInstanceOf(Chain.Links.class);
    assertThat(store().chain(second, bytes - 1)).isInstanceOf(Chain.TooLarge.class);
    assertThat(store().chain(second, 0)).isInstanceOf(Chain.TooLarge.class);
    assertThat(store().chain(id(ACCOUNT), 0)).isEqualTo(new Chain.Links(List.of()));
  }

  @Test
  void aChainThatIsSmallAsItIsKeptMayBeTooLarge() {
    ResponseId packed = ended("x".repeat(1_000_000));
    assertThat(store().chain(packed, 500_000)).isInstanceOf(Chain.TooLarge.class);
    assertThat(chain(packed).getFirst().bytes()).isGreaterThan(1_000_000);
  }

  @Test
  void listsEndWhereTheyWouldBeTooLarge() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      all.add(ended(i % 4 == 1 ? "x".repeat(400_000) : random(30_000)).value());
    }
    for (boolean descending : List.of(false, true)) {
      for (long maxBytes : List.of(0L, 100_000L, 450_000L, 900_000L, 10_000_000L)) {
        for (boolean backwards : List.of(false, true)) {
          assertThat(walked(12, descending, backwards, maxBytes)).isEqualTo(all);
          assertThat(walked(2, descending, backwards, maxBytes)).isEqualTo(all);
        }
      }
      Collections.reverse(all);
    }
  }

  /** All entries, page by page, in the order asked for. */
  private List<String> walked(int limit, boolean descending, boolean backwards, long maxBytes) {
    List<String> walked = new ArrayList<>();
    @Nullable String cursor = backwards ? last(descending) : null;
    if (cursor != null) {
      walked.add(cursor);
    }
    boolean more = true;
    while (more) {
      PageRequest request =
          new PageRequest(limit, descending, backwards ? null : cursor, backwards ? cursor : null);
      Page<StoredResponse> page = store().list(ACCOUNT, request, maxBytes).orElseThrow();
      List<String> ids = idsOf(page.data());
      assertThat(ids).isNotEmpty();
      long bytes = page.data().stream().mapToLong(r -> orEmpty(r.snapshot()).length).sum();
      assertThat(ids.size() == 1 || bytes <= maxBytes).isTrue();
      page.data().forEach(r -> assertThat(r.snapshot()).isEqualTo(find(r.id()).snapshot()));
      walked.addAll(backwards ? 0 : walked.size(), ids);
      cursor = backwards ? ids.getFirst() : ids.getLast();
      more = page.hasMore();
    }
    return walked;
  }

  private static byte[] orEmpty(byte @Nullable [] bytes) {
    return bytes == null ? new byte[0] : bytes;
  }

  private String last(boolean descending) {
    PageRequest request = new PageRequest(1, !descending, null, null);
    return idsOf(store().list(ACCOUNT, request, 0).orElseThrow().data()).getFirst();
  }

  private static String random(int length) {
    StringBuilder text = new StringBuilder();
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    while (text.length() < length) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  /** An ended response with this text in its snapshot. */
  private ResponseId ended(String text) {
    ResponseId id = insert(foreground(id(ACCOUNT)));
    Ending plain = ending(new RunKey(id, 1), 0, ResponseStatus.COMPLETED);
    Ending large =
        new Ending(
            plain.epoch(),
            0,
            plain.events(),
            plain.status(),
            plain.completedAt(),
            plain.usage(),
            bytes("{\"id\":\"" + id + "\",\"text\":\"" + text + "\"}"),
            0);
    assertThat(get(store().end(id, large))).isInstanceOf(EndOutcome.Won.class);
    return id;
  }

  @Test
  void aLargeLogIsReadInPagesOfAFewBytes() {
    RunKey run = running(ACCOUNT);
    List<byte[]> large = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      large.add(bytes("{\"text\":\"" + random(i == 4 ? 3_000_000 : 400_000) + i + "\"}"));
    }
    get(store().append(new Append(run, 2, large, usage(1))));
    end(run, 11, ResponseStatus.COMPLETED);
    List<String> read = new ArrayList<>();
    LogPage page;
    do {
      page = store().readLog(run.id(), read.size() - 1, 256);
      assertThat(page.events()).isNotEmpty();
      int last = page.events().size() - 1;
      assertThat(page.events().subList(0, last).stream().mapToLong(event -> event.length).sum())
          .as("but for its last event")
          .isLessThan(1024 * 1024);
      read.addAll(texts(page.events()));
    } while (page.rest() == LogPage.Rest.MORE);
    assertThat(read).hasSize(13);
    assertThat(read.subList(2, 11)).isEqualTo(texts(large));
  }

  @Test
  void aTextWithANulNeverReachesAGroup() {
    ResponseId id = id(ACCOUNT);
    assertThatThrownBy(() -> following(id, "resp_\0")).isInstanceOf(IllegalArgumentException.class);
    insert(following(id, "resp_1"));
  }

  @Test
  void whatRunsIsListedWithoutItsInput() {
    NewResponse whole = foreground(id(ACCOUNT));
    ResponseId id = insert(whole);
    StoredResponse listed =
        store()
            .list(ACCOUNT, new PageRequest(1, true, null, null), 1000)
            .orElseThrow()
            .data()
            .getFirst();
    assertThat(listed.request()).isEqualTo(whole.request());
    assertThat(listed.metadata()).isEqualTo(whole.metadata());
    assertThat(listed.input()).isEmpty();
    assertThat(store().input(id).orElseThrow()).isEqualTo(whole.input());
    assertThat(store().input(new ResponseId(USER, id.value()))).isEmpty();
  }
}
