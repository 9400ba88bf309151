package antiphon.store.sql.conversation;

import antiphon.core.conversation.Added;
import antiphon.core.conversation.ConversationId;
import antiphon.core.conversation.History;
import antiphon.core.conversation.NewItem;
import antiphon.core.conversation.Removed;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Packed;
import antiphon.store.sql.jdbc.Portions;
import antiphon.store.sql.jdbc.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The items of conversations. */
public final class ConversationItems {

  /** Nobody else changes the conversation until the transaction ends; takes the row's choice. */
  private static final String TOUCH =
      """
      UPDATE conversations AS c SET version = c.version + 1, updated_at = ${later},
        next_position = c.next_position + ?, bytes = c.bytes + ?
      WHERE c.row_id = ? RETURNING next_position
      """
          .replace("${later}", ConversationRows.LATER);

  private static final String LOCK =
      "UPDATE conversations AS c SET version = c.version WHERE "
          + ConversationRows.IS_THIS
          + " RETURNING row_id, bytes, version";

  private static final String IS_THERE =
      "SELECT i.row_id, i.bytes FROM conversation_items i WHERE i.conversation = ? AND i.id = ?";

  private static final String STATE =
      """
      SELECT c.row_id, c.bytes, c.version, CASE WHEN EXISTS (
        SELECT 1 FROM responses r WHERE r.conversation = c.row_id AND r.conversation IS NOT NULL
          AND r.completed_at IS NULL) THEN TRUE ELSE FALSE END
      FROM conversations c WHERE
      """
          + ConversationRows.IS_THIS;

  private static final String ALL =
      "SELECT coalesce(i.told, i.item) FROM conversation_items i WHERE i.conversation = ?"
          + " ORDER BY i.position";

  private static final String ONE =
      """
      SELECT i.item FROM conversations c CROSS JOIN conversation_items i
      WHERE i.conversation = c.row_id AND i.id = ? AND ${this}
      """
          .replace("${this}", ConversationRows.IS_THIS);

  private static final String ANYWHERE =
      """
      SELECT i.item FROM conversation_items i CROSS JOIN conversations c
      WHERE i.id = ? AND c.row_id = i.conversation AND c.tenant = ? AND c.end_user = ?
      ORDER BY i.row_id DESC LIMIT 1
      """;

  private static final String PLACE =
      "SELECT i.position FROM conversation_items i WHERE i.conversation = ? AND i.id = ?";

  private static final String PAGE =
      """
      SELECT i.row_id, octet_length(i.item) FROM conversation_items i
      WHERE i.conversation = ? AND i.position > ? AND i.position < ?
      ORDER BY i.position ${direction} LIMIT ?
      """;

  private static final String ITEMS =
      "SELECT i.row_id, i.item FROM conversation_items i WHERE i.row_id IN (${rows})";

  private record Locked(long rowId, long bytes, long version) {
    static Locked of(ResultSet row) throws SQLException {
      return new Locked(row.getLong(1), row.getLong(2), row.getLong(3));
    }
  }

  private record Kept(long rowId, long bytes) {}

  private ConversationItems() {}

  /** Adds items to a conversation that this transaction has locked, or begun. */
  public static void append(
      Session session, WordIndex words, long conversation, Owner owner, List<NewItem> items)
      throws SQLException {
    if (items.isEmpty()) {
      return;
    }
    long next =
        session.first(row -> row.getLong(1), TOUCH, items.size(), 0L, conversation).orElseThrow();
    List<WordIndex.Entry> entries = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      NewItem item = items.get(i);
      entries.add(
          new WordIndex.Entry(
              next - items.size() + i,
              item.id(),
              item.bytes(),
              Packed.of(item.json()),
              item.told() == null ? null : Packed.of(item.told()),
              item.words()));
    }
    long bytes = words.insert(session, conversation, ConversationRows.word(owner), entries);
    session.first(row -> row.getLong(1), TOUCH, 0, bytes, conversation);
  }

  public static Added add(
      Session session, WordIndex words, ConversationId id, List<NewItem> items, long maxBytes)
      throws SQLException {
    Optional<Locked> locked = session.first(Locked::of, LOCK, ConversationRows.key(id));
    if (locked.isEmpty()) {
      return new Added.Gone();
    }
    long conversation = locked.get().rowId();
    for (NewItem item : items) {
      if (kept(session, conversation, item.id()).isPresent()) {
        return new Added.Taken(item.id());
      }
    }
    long bytes = items.stream().mapToLong(NewItem::bytes).sum();
    if (locked.get().bytes() + bytes > maxBytes) {
      return new Added.TooLarge();
    }
    append(session, words, conversation, id.owner(), items);
    return new Added.Done();
  }

  private static Optional<Kept> kept(Session session, long conversation, String itemId)
      throws SQLException {
    return session.first(
        row -> new Kept(row.getLong(1), row.getLong(2)), IS_THERE, conversation, itemId);
  }

  public static Removed remove(
      Session session, WordIndex words, ConversationId id, List<String> itemIds)
      throws SQLException {
    Optional<Locked> locked = session.first(Locked::of, LOCK, ConversationRows.key(id));
    if (locked.isEmpty()) {
      return new Removed.Gone();
    }
    long conversation = locked.get().rowId();
    List<Kept> leaving = new ArrayList<>();
    for (String itemId : itemIds) {
      Optional<Kept> kept = kept(session, conversation, itemId);
      if (kept.isEmpty()) {
        return new Removed.Missing(itemId);
      }
      leaving.add(kept.get());
    }
    long bytes = 0;
    for (Kept item : leaving) {
      words.delete(session, item.rowId());
      bytes += item.bytes();
    }
    session.first(row -> row.getLong(1), TOUCH, 0, -bytes, conversation);
    return new Removed.Done(ConversationRows.find(session, id).orElseThrow().conversation());
  }

  public static History history(Session session, ConversationId id, long maxBytes)
      throws SQLException {
    record State(Locked row, boolean busy) {}
    Optional<State> state =
        session.first(
            row -> new State(Locked.of(row), row.getBoolean(4)), STATE, ConversationRows.key(id));
    if (state.isEmpty()) {
      return new History.Gone();
    }
    Locked row = state.get().row();
    if (row.bytes() > maxBytes) {
      return new History.TooLarge();
    }
    // Items that come between are newer than the version that is told: that is noticed.
    List<byte[]> items = session.list(r -> Packed.unpack(r.getBytes(1)), ALL, row.rowId());
    return new History.Whole(items, row.version(), state.get().busy());
  }

  public static Optional<byte[]> one(Session session, ConversationId id, String itemId)
      throws SQLException {
    return session.first(
        row -> Packed.unpack(row.getBytes(1)), ONE, itemId, ConversationRows.key(id));
  }

  public static Optional<byte[]> anywhere(Session session, Owner owner, String itemId)
      throws SQLException {
    return session.first(
        row -> Packed.unpack(row.getBytes(1)),
        ANYWHERE,
        itemId,
        owner.tenant(),
        Columns.endUser(owner));
  }

  /** Empty if there is no such conversation, or no such item in it to begin or end at. */
  public static Optional<Page<byte[]>> page(
      Session session, ConversationId id, PageRequest request, long maxBytes) throws SQLException {
    Optional<ConversationRows.Row> found = ConversationRows.find(session, id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    long conversation = found.get().rowId();
    boolean descending = request.descending();
    Optional<Long> after =
        place(session, conversation, request.after(), descending ? Long.MAX_VALUE : -1);
    Optional<Long> before =
        place(session, conversation, request.before(), descending ? -1 : Long.MAX_VALUE);
    if (after.isEmpty() || before.isEmpty()) {
      return Optional.empty();
    }
    boolean backwards = request.after() == null && request.before() != null;
    List<Portions.Size> sizes =
        session.list(
            Portions.Size::of,
            PAGE.replace("${direction}", descending == backwards ? "" : "DESC"),
            conversation,
            descending ? before.get() : after.get(),
            descending ? after.get() : before.get(),
            request.limit() + 1);
    List<byte[]> data = new ArrayList<>();
    long[] left = {maxBytes};
    Portions.read(
        session,
        ITEMS,
        row -> Packed.unpack(row.getBytes(2)),
        sizes.subList(0, Math.min(request.limit(), sizes.size())),
        item -> {
          left[0] -= item.length;
          boolean fits = left[0] >= 0 || data.isEmpty();
          if (fits) {
            data.add(item);
          }
          return fits;
        });
    return Optional.of(new Page<>(backwards ? data.reversed() : data, data.size() < sizes.size()));
  }

  private static Optional<Long> place(
      Session session, long conversation, @Nullable String itemId, long otherwise)
      throws SQLException {
    return itemId == null
        ? Optional.of(otherwise)
        : session.first(row -> row.getLong(1), PLACE, conversation, itemId);
  }
}
