package antiphon.store.sql.conversation;

import antiphon.core.conversation.ConversationFilter;
import antiphon.core.conversation.StoredConversation;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pages of an owner's conversations, by the moment of their last change and the id. */
public final class ConversationLists {

  private static final String PLACE =
      "SELECT c.updated_at, c.id FROM conversations c WHERE " + ConversationRows.IS_THIS;

  private static final String PAGE =
      "SELECT "
          + ConversationRows.COLUMNS
          + """

          FROM conversations c
          WHERE c.tenant = ? AND c.end_user = ? AND c.deleted_at IS NULL
            AND (c.updated_at, c.id) > (?, ?) AND (c.updated_at, c.id) < (?, ?)
          """;

  private static final String HAS_PAIR =
      """
      AND EXISTS (SELECT 1 FROM conversation_metadata m
        WHERE m.conversation = c.row_id AND m.key = ? AND m.value = ?)
      """;

  private static final String ASCENDING = "ORDER BY c.updated_at, c.id LIMIT ?";
  private static final String DESCENDING = "ORDER BY c.updated_at DESC, c.id DESC LIMIT ?";

  private record Place(long updatedAt, String id) {}

  private static final Place OLDEST = new Place(Long.MIN_VALUE, "");
  private static final Place NEWEST = new Place(Long.MAX_VALUE, "");

  private ConversationLists() {}

  public static Optional<Page<StoredConversation>> list(
      Session session, WordIndex words, Owner owner, PageRequest request, ConversationFilter filter)
      throws SQLException {
    boolean descending = request.descending();
    Optional<Place> after = place(session, owner, request.after(), descending ? NEWEST : OLDEST);
    Optional<Place> before = place(session, owner, request.before(), descending ? OLDEST : NEWEST);
    if (after.isEmpty() || before.isEmpty()) {
      return Optional.empty();
    }
    Place low = descending ? before.get() : after.get();
    Place high = descending ? after.get() : before.get();
    // A page that only ends somewhere is read backwards from its end.
    boolean backwards = request.after() == null && request.before() != null;
    StringBuilder sql = new StringBuilder(PAGE);
    List<Object> values =
        new ArrayList<>(
            List.of(
                owner.tenant(),
                Columns.endUser(owner),
                low.updatedAt(),
                low.id(),
                high.updatedAt(),
                high.id()));
    filter
        .metadata()
        .forEach((key, value) -> {
          sql.append(HAS_PAIR);
          values.add(key);
          values.add(value);
        });
    if (!filter.words().isEmpty()) {
      sql.append("AND c.row_id IN ").append(words.matching());
      String query = words.query(ConversationRows.word(owner), filter.words());
      values.add(query);
      values.add(query);
    }
    sql.append(descending == backwards ? ASCENDING : DESCENDING);
    values.add(request.limit() + 1);
    List<StoredConversation> found =
        session.list(row -> ConversationRows.of(row, owner).conversation(), sql.toString(), values);
    List<StoredConversation> data = found.subList(0, Math.min(request.limit(), found.size()));
    return Optional.of(
        new Page<>(backwards ? data.reversed() : data, found.size() > request.limit()));
  }

  private static Optional<Place> place(
      Session session, Owner owner, @Nullable String id, Place otherwise) throws SQLException {
    if (id == null) {
      return Optional.of(otherwise);
    }
    return session.first(
        row -> new Place(row.getLong(1), row.getString(2)),
        PLACE,
        owner.tenant(),
        Columns.endUser(owner),
        id);
  }
}
