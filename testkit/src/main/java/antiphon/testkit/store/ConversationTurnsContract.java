package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.conversation.ConversationFilter;
import antiphon.core.conversation.ConversationId;
import antiphon.core.conversation.ConversationStore;
import antiphon.core.conversation.History;
import antiphon.core.conversation.NewItem;
import antiphon.core.conversation.Turn;
import antiphon.core.conversation.Words;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Ending;
import antiphon.core.store.NewResponse;
import antiphon.core.store.PageRequest;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.protocol.item.Message;
import antiphon.protocol.response.ResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How responses take turns in a conversation, and what of them joins it. */
public abstract class ConversationTurnsContract extends StoreFixture {

  protected static final PageRequest OLDEST = new PageRequest(20, false, null, null);
  protected static final PageRequest NEWEST = new PageRequest(20, true, null, null);
  protected static final long LARGE = 1 << 20;

  /** The conversations of this store. */
  protected abstract ConversationStore conversations(ResponseStore store);

  protected ConversationStore conversations() {
    return conversations(store());
  }

  protected ConversationId make(Owner owner, Map<String, String> metadata, NewItem... items) {
    ConversationId id = new ConversationId(owner, ids.next("conv"));
    conversations().create(id, metadata, List.of(items));
    return id;
  }

  protected static NewItem item(String id, String text) {
    return NewItem.of(Message.user(text).withId(id));
  }

  protected List<String> itemIds(ConversationId id) {
    return switch (conversations().history(id, Long.MAX_VALUE)) {
      case History.Whole(List<byte[]> items, long _, boolean _) -> idsIn(items);
      case History.TooLarge _, History.Gone _ -> throw new AssertionError(id + " cannot be read");
    };
  }

  protected static List<String> idsIn(List<byte[]> items) {
    return items.stream().map(json -> antiphon.protocol.json.Json.field(json, "id")).toList();
  }

  protected long version(ConversationId id) {
    return ((History.Whole) conversations().history(id, Long.MAX_VALUE)).version();
  }

  protected List<String> listed(Owner owner, PageRequest page, ConversationFilter filter) {
    return conversations().list(owner, page, filter).orElseThrow().data().stream()
        .map(found -> found.id().value())
        .toList();
  }

  protected List<String> search(Owner owner, String words) {
    return listed(owner, OLDEST, new ConversationFilter(Map.of(), Words.of(List.of(words))));
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

  protected List<ResponseId> claimedIds(ResponseStore node) {
    return node.claim("n2", 100, LONG).stream().map(claimed -> claimed.response().id()).toList();
  }

  protected ResponseId waiting(ConversationId id) {
    NewResponse response = background(id(id.owner()));
    assertThat(begin(response, id, -1)).isEqualTo(new Turn.Taken());
    return response.id();
  }

  /** A foreground response that has its turn. */
  protected RunKey turn(ConversationId id) {
    NewResponse response = foreground(id(id.owner()));
    assertThat(begin(response, id, version(id))).isEqualTo(new Turn.Taken());
    return new RunKey(response.id(), 1);
  }

  protected Turn begin(NewResponse response, ConversationId id, long version) {
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

  protected static Ending said(RunKey run, ResponseStatus status) {
    return said(run, 0, status);
  }

  protected static Ending said(RunKey run, long first, ResponseStatus status) {
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
