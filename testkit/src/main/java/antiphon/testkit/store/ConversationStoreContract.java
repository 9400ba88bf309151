package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.conversation.Added;
import antiphon.core.conversation.ConversationFilter;
import antiphon.core.conversation.ConversationId;
import antiphon.core.conversation.ConversationStore;
import antiphon.core.conversation.History;
import antiphon.core.conversation.NewItem;
import antiphon.core.conversation.Removed;
import antiphon.core.conversation.StoredConversation;
import antiphon.core.conversation.Turn;
import antiphon.core.conversation.Words;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Ending;
import antiphon.core.store.NewResponse;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Retention;
import antiphon.core.store.RunKey;
import antiphon.protocol.item.Message;
import antiphon.protocol.response.ResponseStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Everything a store of conversations must do. */
public abstract class ConversationStoreContract extends StoreFixture {

  private static final PageRequest OLDEST = new PageRequest(20, false, null, null);
  private static final PageRequest NEWEST = new PageRequest(20, true, null, null);

  /** The conversations of this store. */
  protected abstract ConversationStore conversations(ResponseStore store);

  private ConversationStore conversations() {
    return conversations(store());
  }

  private ConversationId make(Owner owner, Map<String, String> metadata, NewItem... items) {
    ConversationId id = new ConversationId(owner, ids.next("conv"));
    conversations().create(id, metadata, List.of(items));
    return id;
  }

  private static NewItem item(String id, String text) {
    return NewItem.of(Message.user(text).withId(id));
  }

  private List<String> itemIds(ConversationId id) {
    return switch (conversations().history(id, Long.MAX_VALUE)) {
      case History.Whole(List<byte[]> items, long _, boolean _) -> idsIn(items);
      case History.TooLarge _, History.Gone _ -> throw new AssertionError(id + " cannot be read");
    };
  }

  private static List<String> idsIn(List<byte[]> items) {
    return items.stream().map(json -> antiphon.protocol.json.Json.field(json, "id")).toList();
  }

  private long version(ConversationId id) {
    return ((History.Whole) conversations().history(id, Long.MAX_VALUE)).version();
  }

  private List<String> listed(Owner owner, PageRequest page, ConversationFilter filter) {
    return conversations().list(owner, page, filter).orElseThrow().data().stream()
        .map(found -> found.id().value())
        .toList();
  }

  private List<String> search(Owner owner, String words) {
    return listed(owner, OLDEST, new ConversationFilter(Map.of(), Words.of(List.of(words))));
  }

  @Test
  void whatIsMadeIsFound() {
    ConversationId id = make(USER, Map.of("topic", "tea"), item("msg_1", "one"));
    StoredConversation found = conversations().find(id).orElseThrow();

    assertThat(found.id()).isEqualTo(id);
    assertThat(text(found.metadata())).isEqualTo("{\"topic\":\"tea\"}");
    assertThat(found.updatedAt()).isGreaterThanOrEqualTo(found.createdAt());
    assertThat(itemIds(id)).containsExactly("msg_1");
  }

  @Test
  void nobodyElseFindsIt() {
    ConversationId id = make(USER, Map.of("topic", "tea"), item("msg_1", "green tea"));
    for (Owner owner : List.of(ACCOUNT, OTHER)) {
      ConversationId theirs = new ConversationId(owner, id.value());
      assertThat(conversations().find(theirs)).isEmpty();
      assertThat(conversations().update(theirs, Map.of())).isEmpty();
      assertThat(conversations().delete(theirs)).isFalse();
      assertThat(conversations().items(theirs, OLDEST, LARGE)).isEmpty();
      assertThat(conversations().item(theirs, "msg_1")).isEmpty();
      assertThat(conversations().item(owner, "msg_1")).isEmpty();
      assertThat(conversations().history(theirs, LARGE)).isEqualTo(new History.Gone());
      assertThat(conversations().add(theirs, List.of(item("x", "y")), LARGE))
          .isEqualTo(new Added.Gone());
      assertThat(conversations().remove(theirs, List.of("msg_1"))).isEqualTo(new Removed.Gone());
      assertThat(listed(owner, OLDEST, ConversationFilter.ALL)).isEmpty();
      assertThat(search(owner, "tea")).isEmpty();
      assertThat(begin(foreground(id(owner)), theirs, 0)).isEqualTo(new Turn.Gone());
    }
  }

  private static final long LARGE = 1 << 20;

  @Test
  void metadataIsReplacedWhole() {
    ConversationId id = make(ACCOUNT, Map.of("a", "1", "b", "2"));

    conversations().update(id, Map.of("c", "3"));

    assertThat(text(conversations().find(id).orElseThrow().metadata())).isEqualTo("{\"c\":\"3\"}");
    assertThat(listed(ACCOUNT, OLDEST, new ConversationFilter(Map.of("a", "1"), ""))).isEmpty();
    assertThat(listed(ACCOUNT, OLDEST, new ConversationFilter(Map.of("c", "3"), "")))
        .containsExactly(id.value());
  }

  @Test
  void aDeletedOneIsGoneAndItsItemsLiveOnUntilTheyArePurged() {
    ConversationId id = make(ACCOUNT, Map.of("a", "word"), item("msg_1", "one"));

    assertThat(conversations().delete(id)).isTrue();

    assertThat(conversations().delete(id)).isFalse();
    assertThat(conversations().find(id)).isEmpty();
    assertThat(search(ACCOUNT, "word")).isEmpty();
    assertThat(conversations().item(id, "msg_1")).isEmpty();
    assertThat(conversations().item(ACCOUNT, "msg_1")).isPresent();
    Retention none = new Retention(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    Await.until(
        "all to be purged",
        () -> store().purge(none, 100) == 0 && conversations().item(ACCOUNT, "msg_1").isEmpty());
  }

  /** What changes in one millisecond is listed by its id. */
  private void aMillisecondPasses() {
    long now = store().clock().millis();
    // The database's clock and what a node knows of it may differ by a little.
    Await.until("a later time", () -> store().clock().millis() > now + 5);
  }

  @Test
  void listsGoByLastChange() {
    ConversationId first = make(ACCOUNT, Map.of());
    ConversationId second = make(ACCOUNT, Map.of());
    ConversationId third = make(ACCOUNT, Map.of());
    aMillisecondPasses();
    conversations().add(first, List.of(item("msg_1", "one")), LARGE);
    aMillisecondPasses();
    conversations().update(second, Map.of());

    assertThat(listed(ACCOUNT, OLDEST, ConversationFilter.ALL))
        .containsExactly(third.value(), first.value(), second.value());
    assertThat(listed(ACCOUNT, NEWEST, ConversationFilter.ALL))
        .containsExactly(second.value(), first.value(), third.value());
    PageRequest next = new PageRequest(1, false, third.value(), null);
    Page<StoredConversation> page =
        conversations().list(ACCOUNT, next, ConversationFilter.ALL).orElseThrow();
    assertThat(page.data().getFirst().id()).isEqualTo(first);
    assertThat(page.hasMore()).isTrue();
    assertThat(
            listed(
                ACCOUNT, new PageRequest(5, false, null, second.value()), ConversationFilter.ALL))
        .containsExactly(third.value(), first.value());
    assertThat(
            conversations()
                .list(
                    ACCOUNT, new PageRequest(5, false, "conv_none", null), ConversationFilter.ALL))
        .isEmpty();
  }

  @Test
  void listsAreFilteredByAllPairs() {
    ConversationId both = make(ACCOUNT, Map.of("a", "1", "b", "2"));
    make(ACCOUNT, Map.of("a", "1"));

    assertThat(listed(ACCOUNT, OLDEST, new ConversationFilter(Map.of("a", "1", "b", "2"), "")))
        .containsExactly(both.value());
    assertThat(listed(ACCOUNT, OLDEST, new ConversationFilter(Map.of("a", "2"), ""))).isEmpty();
  }

  @Test
  void searchFindsWordsOfMessagesAndMetadata() {
    ConversationId tea = make(ACCOUNT, Map.of(), item("msg_1", "Grüner Tee: 3 Tassen, bitte!"));
    ConversationId titled = make(ACCOUNT, Map.of("title", "About O'Brien's \"tea\" NOT coffee"));
    ConversationId east = make(ACCOUNT, Map.of(), item("msg_1", "東京の天気"));

    assertThat(search(ACCOUNT, "gruner TEE")).containsExactly(tea.value());
    assertThat(search(ACCOUNT, "tassen 3")).containsExactly(tea.value());
    assertThat(search(ACCOUNT, "tee kaffee")).isEmpty();
    assertThat(search(ACCOUNT, "tea\" OR \"x")).isEmpty();
    assertThat(search(ACCOUNT, "o'brien's tea not")).containsExactly(titled.value());
    assertThat(search(ACCOUNT, "天気")).containsExactly(east.value());
    conversations().remove(tea, List.of("msg_1"));
    assertThat(search(ACCOUNT, "tee")).isEmpty();
    conversations().update(titled, Map.of("title", "other"));
    assertThat(search(ACCOUNT, "tea")).isEmpty();
    assertThat(search(ACCOUNT, "other")).containsExactly(titled.value());
  }

  @Test
  void itemsComeInTheirOrderPageByPage() {
    NewItem[] items =
        IntStream.range(0, 5).mapToObj(i -> item("msg_" + i, "text " + i)).toArray(NewItem[]::new);
    ConversationId id = make(ACCOUNT, Map.of(), items);

    assertThat(page(id, new PageRequest(2, false, null, null))).containsExactly("msg_0", "msg_1");
    assertThat(page(id, new PageRequest(2, false, "msg_1", null)))
        .containsExactly("msg_2", "msg_3");
    assertThat(page(id, new PageRequest(2, true, null, null))).containsExactly("msg_4", "msg_3");
    assertThat(page(id, new PageRequest(9, true, "msg_3", null)))
        .containsExactly("msg_2", "msg_1", "msg_0");
    assertThat(page(id, new PageRequest(2, false, null, "msg_4")))
        .containsExactly("msg_2", "msg_3");
    assertThat(conversations().items(id, new PageRequest(2, false, "msg_9", null), LARGE))
        .isEmpty();
    Page<byte[]> small = conversations().items(id, OLDEST, 1).orElseThrow();
    assertThat(idsIn(small.data())).containsExactly("msg_0");
    assertThat(small.hasMore()).isTrue();
  }

  private List<String> page(ConversationId id, PageRequest page) {
    return idsIn(conversations().items(id, page, LARGE).orElseThrow().data());
  }

  @Test
  void itemsAreAddedAllOrNone() {
    ConversationId id = make(ACCOUNT, Map.of(), item("msg_1", "one"));

    assertThat(conversations().add(id, List.of(item("msg_2", "two"), item("msg_1", "x")), LARGE))
        .isEqualTo(new Added.Taken("msg_1"));
    assertThat(conversations().add(id, List.of(item("msg_2", "two")), 100))
        .isEqualTo(new Added.TooLarge());
    assertThat(itemIds(id)).containsExactly("msg_1");
    assertThat(conversations().add(id, List.of(item("msg_2", "two")), LARGE))
        .isEqualTo(new Added.Done());
    assertThat(itemIds(id)).containsExactly("msg_1", "msg_2");
    assertThat(conversations().history(id, 100)).isEqualTo(new History.TooLarge());
  }

  @Test
  void itemsAreRemovedAllOrNone() {
    ConversationId id = make(ACCOUNT, Map.of(), item("a", "1"), item("b", "2"), item("c", "3"));

    assertThat(conversations().remove(id, List.of("a", "x"))).isEqualTo(new Removed.Missing("x"));
    assertThat(itemIds(id)).containsExactly("a", "b", "c");
    assertThat(conversations().remove(id, List.of("a", "c"))).isInstanceOf(Removed.Done.class);
    assertThat(itemIds(id)).containsExactly("b");
    conversations().remove(id, List.of("b"));
    assertThat(conversations().history(id, 0)).isInstanceOf(History.Whole.class);
    assertThat(conversations().item(id, "b")).isEmpty();
  }

  @Test
  void whatACompletedResponseReadAndSaidJoins() {
    ConversationId id = make(ACCOUNT, Map.of(), item("msg_0", "before"));
    RunKey run = turn(id);

    get(store().end(run.id(), said(run, ResponseStatus.COMPLETED)));

    assertThat(itemIds(id)).containsExactly("msg_0", run.id().value(), "msg_said");
    assertThat(search(ACCOUNT, "answer")).containsExactly(id.value());
  }

  @Test
  void aResponseThatFailedOrWasCancelledLeavesNothing() {
    ConversationId id = make(ACCOUNT, Map.of());
    for (ResponseStatus status : List.of(ResponseStatus.FAILED, ResponseStatus.CANCELLED)) {
      RunKey run = turn(id);
      get(store().end(run.id(), said(run, status)));
    }
    assertThat(itemIds(id)).isEmpty();
    RunKey last = turn(id);
    assertThat(store().endFromLog(last.id(), _ -> said(last, ResponseStatus.INCOMPLETE)).toString())
        .contains("Won");
    assertThat(itemIds(id)).containsExactly(last.id().value(), "msg_said");
  }

  @Test
  void anItemThatIsThereDoesNotJoinAgain() {
    ConversationId id = make(ACCOUNT, Map.of(), item("msg_said", "before"));
    RunKey run = turn(id);

    get(store().end(run.id(), said(run, ResponseStatus.COMPLETED)));

    assertThat(itemIds(id)).containsExactly("msg_said", run.id().value());
  }

  @Test
  void aDeletedConversationTakesNothingMore() {
    ConversationId id = make(ACCOUNT, Map.of());
    RunKey run = turn(id);
    conversations().delete(id);

    get(store().end(run.id(), said(run, ResponseStatus.COMPLETED)));

    assertThat(find(run.id()).status()).isEqualTo(ResponseStatus.COMPLETED);
    assertThat(conversations().item(ACCOUNT, "msg_said")).isEmpty();
  }

  @Test
  void aForegroundResponseNeedsItsTurnAndTheNewestItems() {
    ConversationId id = make(ACCOUNT, Map.of());
    long before = version(id);
    RunKey run = turn(id);

    assertThat(begin(foreground(id(ACCOUNT)), id, before))
        .isEqualTo(new Turn.Busy(run.id().value()));
    get(store().end(run.id(), said(run, ResponseStatus.COMPLETED)));
    NewResponse second = foreground(id(ACCOUNT));
    assertThat(begin(second, id, before)).isEqualTo(new Turn.Changed());
    assertThat(store().find(second.id())).isEmpty();
    assertThat(begin(second, id, version(id))).isEqualTo(new Turn.Taken());
    // Sent again after its answer was lost.
    assertThat(begin(second, id, version(id))).isEqualTo(new Turn.Taken());
  }

  @Test
  void aBackgroundResponseIsClaimedWhenThoseBeforeItHaveEnded() throws Exception {
    ResponseStore elsewhere = otherNode();
    ConversationId id = make(ACCOUNT, Map.of());
    RunKey run = turn(id);
    ResponseId second = waiting(id);
    ResponseId third = waiting(id);
    ResponseId free = insert(background(id(ACCOUNT)));

    assertThat(claimedIds(elsewhere)).containsExactly(free);
    get(store().end(run.id(), said(run, ResponseStatus.CANCELLED)));
    assertThat(claimedIds(elsewhere)).containsExactly(second);
    assertThat(claimedIds(store())).isEmpty();
    RunKey next = new RunKey(second, 1);
    get(store().end(second, said(next, 2, ResponseStatus.COMPLETED)));
    assertThat(claimedIds(store())).containsExactly(third);
    assertThat(((History.Whole) conversations().history(id, LARGE)).busy()).isTrue();
  }

  @Test
  void oneThatIsCancelledWhileItWaitsLetsTheNextOneGo() {
    ConversationId id = make(ACCOUNT, Map.of());
    ResponseId first = waiting(id);
    ResponseId second = waiting(id);

    store().endFromLog(first, log -> planned(log, ResponseStatus.CANCELLED));

    assertThat(claimedIds(store())).containsExactly(second);
  }

  @Test
  void onlySoManyWait() {
    ConversationId id = make(ACCOUNT, Map.of());
    ResponseId first = waiting(id);
    for (int i = 0; i < ConversationStore.MOST_WAITING; i++) {
      waiting(id);
    }
    assertThat(begin(background(id(ACCOUNT)), id, -1)).isEqualTo(new Turn.Busy(first.value()));
  }

  @Test
  void aKeyMakesOneResponseInAConversationToo() {
    ConversationId id = make(ACCOUNT, Map.of());
    NewResponse first = background(id(ACCOUNT));
    NewResponse again = background(id(ACCOUNT));

    assertThat(conversations().begin(first, id, -1, "key", bytes("hash")))
        .isEqualTo(new Turn.Taken());
    assertThat(conversations().begin(again, id, -1, "key", bytes("hash")))
        .isInstanceOfSatisfying(
            Turn.Before.class, before -> assertThat(before.keyed().id()).isEqualTo(first.id()));
    assertThat(store().find(again.id())).isEmpty();
  }

  @Test
  void ofManyThatBeginAtOnceOneGetsTheTurn() throws Exception {
    ConversationStore elsewhere = conversations(otherNode());
    ConversationId id = make(ACCOUNT, Map.of());
    for (int round = 0; round < 5; round++) {
      long version = version(id);
      List<NewResponse> responses = new ArrayList<>();
      List<CompletableFuture<Turn>> turns = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        NewResponse response = foreground(id(ACCOUNT));
        ConversationStore node = i % 2 == 0 ? conversations() : elsewhere;
        responses.add(response);
        turns.add(
            CompletableFuture.supplyAsync(
                () -> node.begin(response, id, version, null, new byte[0])));
      }
      List<Turn> outcomes = turns.stream().map(StoreFixture::get).toList();
      assertThat(outcomes).filteredOn(Turn.Taken.class::isInstance).hasSize(1);
      assertThat(outcomes).filteredOn(Turn.Busy.class::isInstance).hasSize(7);
      RunKey run = new RunKey(responses.get(outcomes.indexOf(new Turn.Taken())).id(), 1);
      get(store().end(run.id(), said(run, ResponseStatus.FAILED)));
    }
  }

  private List<ResponseId> claimedIds(ResponseStore node) {
    return node.claim("n2", 100, LONG).stream().map(claimed -> claimed.response().id()).toList();
  }

  private ResponseId waiting(ConversationId id) {
    NewResponse response = background(id(id.owner()));
    assertThat(begin(response, id, -1)).isEqualTo(new Turn.Taken());
    return response.id();
  }

  /** A foreground response that has its turn. */
  private RunKey turn(ConversationId id) {
    NewResponse response = foreground(id(id.owner()));
    assertThat(begin(response, id, version(id))).isEqualTo(new Turn.Taken());
    return new RunKey(response.id(), 1);
  }

  private Turn begin(NewResponse response, ConversationId id, long version) {
    NewResponse asking =
        new NewResponse(
            response.id(),
            response.delivery(),
            response.createdAt(),
            response.tier(),
            response.queue(),
            response.model(),
            response.previous(),
            response.request(),
            bytes(
                "[{\"type\":\"message\",\"role\":\"user\",\"content\":\"a question\",\"id\":\""
                    + response.id()
                    + "\"}]"),
            response.metadata(),
            response.node(),
            response.lease(),
            response.trace(),
            response.events());
    return conversations().begin(asking, id, version, null, new byte[0]);
  }

  private static Ending said(RunKey run, ResponseStatus status) {
    return said(run, 0, status);
  }

  private static Ending said(RunKey run, long first, ResponseStatus status) {
    Ending ending = ending(run, first, status);
    return new Ending(
        ending.epoch(),
        first,
        ending.events(),
        status,
        ending.completedAt(),
        ending.usage(),
        bytes(
            "{\"id\":\""
                + run.id()
                + "\",\"output\":[{\"type\":\"message\",\"role\":\"assistant\",\"id\":\"msg_said\","
                + "\"content\":[{\"type\":\"output_text\",\"text\":\"an answer\"}]}]}"),
        0);
  }
}
