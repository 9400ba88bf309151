package antiphon.store.sql;

import antiphon.core.conversation.Added;
import antiphon.core.conversation.ConversationFilter;
import antiphon.core.conversation.ConversationId;
import antiphon.core.conversation.ConversationStore;
import antiphon.core.conversation.History;
import antiphon.core.conversation.NewItem;
import antiphon.core.conversation.Removed;
import antiphon.core.conversation.StoredConversation;
import antiphon.core.conversation.Turn;
import antiphon.core.response.Owner;
import antiphon.core.store.NewResponse;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.store.sql.commit.Database;
import antiphon.store.sql.commit.Write;
import antiphon.store.sql.conversation.ConversationItems;
import antiphon.store.sql.conversation.ConversationLists;
import antiphon.store.sql.conversation.ConversationRows;
import antiphon.store.sql.conversation.ConversationRows.Metadata;
import antiphon.store.sql.conversation.WordIndex;
import antiphon.store.sql.response.HotPath;
import antiphon.store.sql.response.Turns;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Conversations in a SQL database. */
final class SqlConversationStore implements ConversationStore {

  private final Database database;
  private final InstantSource clock;
  private final HotPath path;
  private final WordIndex words;

  SqlConversationStore(Database database, InstantSource clock, HotPath path, WordIndex words) {
    this.database = database;
    this.clock = clock;
    this.path = path;
    this.words = words;
  }

  @Override
  public StoredConversation create(
      ConversationId id, Map<String, String> metadata, List<NewItem> items) {
    long now = clock.millis();
    Metadata kept = Metadata.of(metadata);
    return write(
        "create conversation",
        session -> {
          Optional<Long> row = ConversationRows.insert(session, words, id, now, kept);
          if (row.isPresent()) {
            ConversationItems.append(session, words, row.get(), id.owner(), items);
          }
          return ConversationRows.find(session, id).orElseThrow().conversation();
        });
  }

  @Override
  public Optional<StoredConversation> find(ConversationId id) {
    return database
        .read("find conversation", s -> ConversationRows.find(s, id))
        .map(ConversationRows.Row::conversation);
  }

  @Override
  public Optional<StoredConversation> update(ConversationId id, Map<String, String> metadata) {
    return write(
        "update conversation", s -> ConversationRows.update(s, words, id, Metadata.of(metadata)));
  }

  @Override
  public boolean delete(ConversationId id) {
    return write(
        "delete conversation", sticky(s -> ConversationRows.delete(s, id), Boolean::booleanValue));
  }

  @Override
  public Optional<Page<StoredConversation>> list(
      Owner owner, PageRequest page, ConversationFilter filter) {
    return database.read(
        "list conversations", s -> ConversationLists.list(s, words, owner, page, filter));
  }

  @Override
  public Added add(ConversationId id, List<NewItem> items, long maxBytes) {
    return write(
        "add items",
        sticky(
            s -> ConversationItems.add(s, words, id, items, maxBytes),
            Added.Done.class::isInstance));
  }

  @Override
  public Removed remove(ConversationId id, List<String> itemIds) {
    return write(
        "remove items",
        sticky(
            s -> ConversationItems.remove(s, words, id, itemIds), Removed.Done.class::isInstance));
  }

  @Override
  public Optional<Page<byte[]>> items(ConversationId id, PageRequest page, long maxBytes) {
    return database.read("list items", s -> ConversationItems.page(s, id, page, maxBytes));
  }

  @Override
  public Optional<byte[]> item(ConversationId id, String itemId) {
    return database.read("find item", s -> ConversationItems.one(s, id, itemId));
  }

  @Override
  public Optional<byte[]> item(Owner owner, String itemId) {
    return database.read("find item anywhere", s -> ConversationItems.anywhere(s, owner, itemId));
  }

  @Override
  public History history(ConversationId id, long maxBytes) {
    return database.read("history", s -> ConversationItems.history(s, id, maxBytes));
  }

  @Override
  public Turn begin(
      NewResponse response,
      ConversationId conversation,
      long version,
      @Nullable String key,
      byte[] requestHash) {
    return write(
        "begin turn",
        session -> Turns.begin(session, path, response, conversation, version, key, requestHash));
  }

  /** Executed again, it stands by what it has done. */
  private static <T> Write<T> sticky(Write<T> write, Predicate<T> done) {
    var before = new AtomicReference<@Nullable T>();
    return session -> {
      T now = write.write(session);
      T earlier = before.get();
      if (done.test(now)) {
        before.set(now);
        return now;
      }
      return earlier == null ? now : earlier;
    };
  }

  private <T> T write(String what, Write<T> write) {
    database.requireWrite(what);
    return database.writeAlone(what, write);
  }
}
