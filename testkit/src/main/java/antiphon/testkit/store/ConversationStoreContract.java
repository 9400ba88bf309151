package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.conversation.Added;
import antiphon.core.conversation.ConversationFilter;
import antiphon.core.conversation.ConversationId;
import antiphon.core.conversation.History;
import antiphon.core.conversation.NewItem;
import antiphon.core.conversation.Removed;
import antiphon.core.conversation.StoredConversation;
import antiphon.core.conversation.Turn;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.store.Retention;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Everything a store of conversations must do; the turns of responses in them are inherited. */
public abstract class ConversationStoreContract extends ConversationTurnsContract {

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
}
