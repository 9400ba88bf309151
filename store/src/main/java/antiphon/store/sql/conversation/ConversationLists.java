package antiphon.store.sql.conversation;

import antiphon.core.conversation.ConversationFilter;
import antiphon.core.conversation.StoredConversation;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Session;
import antiphon.store.sql.jdbc.Window;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  private ConversationLists() {}

  public static Optional<Page<StoredConversation>> list(
      Session session, WordIndex words, Owner owner, PageRequest request, ConversationFilter filter)
      throws SQLException {
    List<String> scope = List.of(owner.tenant(), Columns.endUser(owner));
    Optional<Window> window = Window.of(session, PLACE, scope, request);
    if (window.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder sql = new StringBuilder(PAGE);
    List<Object> values = new ArrayList<>(scope);
    values.addAll(window.get().values());
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
    sql.append(window.get().ascending() ? ASCENDING : DESCENDING);
    values.add(request.limit() + 1);
    List<StoredConversation> found =
        session.list(row -> ConversationRows.of(row, owner).conversation(), sql.toString(), values);
    List<StoredConversation> data = found.subList(0, Math.min(request.limit(), found.size()));
    return Optional.of(new Page<>(window.get().inOrder(data), found.size() > request.limit()));
  }
}
