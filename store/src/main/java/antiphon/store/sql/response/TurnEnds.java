package antiphon.store.sql.response;

import antiphon.core.conversation.JoinedItems;
import antiphon.core.response.Owner;
import antiphon.core.store.Ending;
import antiphon.store.sql.conversation.ConversationItems;
import antiphon.store.sql.conversation.WordIndex;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Packed;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.Optional;

/** What responses leave in the conversations that they write to. */
public final class TurnEnds {

  private static final String INPUT = "SELECT b.input FROM bodies b WHERE b.row_id = ?";

  private static final String OWNER =
      """
      SELECT c.tenant, c.end_user FROM conversations c WHERE c.row_id = ? AND c.deleted_at IS NULL
      """;

  private TurnEnds() {}

  /** What an ended response leaves in its conversation; in the transaction that has ended it. */
  static void join(
      Session session, WordIndex words, long response, long conversation, Ending ending)
      throws SQLException {
    if (!JoinedItems.joins(ending.status())) {
      return;
    }
    Optional<Owner> owner =
        session.first(
            row -> Columns.owner(row.getString(1), row.getString(2)), OWNER, conversation);
    Optional<byte[]> input = session.first(row -> Packed.unpack(row.getBytes(1)), INPUT, response);
    if (owner.isPresent() && input.isPresent()) {
      ConversationItems.append(
          session,
          words,
          conversation,
          owner.get(),
          JoinedItems.of(input.get(), ending.snapshot(), InnerLogs.all(session, response)));
    }
  }
}
