package antiphon.store.sql.conversation;

import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.List;

/** Removes what deleted conversations have had, when its time is over. */
public final class ConversationPurge {

  private static final String GONE =
      """
      SELECT c.row_id FROM conversations c
      WHERE c.deleted_at IS NOT NULL AND c.deleted_at < ${now} - ?
        AND NOT EXISTS (SELECT 1 FROM conversation_items i WHERE i.conversation = c.row_id)
      ORDER BY c.deleted_at LIMIT ?
      """;

  private static final String REMOVE_METADATA =
      "DELETE FROM conversation_metadata WHERE conversation = ?";

  private static final String REMOVE = "DELETE FROM conversations WHERE row_id = ?";

  private ConversationPurge() {}

  /**
   * Removes a little of it.
   *
   * @param age how long since they were deleted, in milliseconds
   */
  public static int purge(Session session, WordIndex words, long age, int batch)
      throws SQLException {
    int changed = words.purge(session, age, batch);
    List<Long> gone = session.list(row -> row.getLong(1), GONE, age, batch);
    for (long conversation : gone) {
      words.metadata(session, conversation, "", "");
      session.update(REMOVE_METADATA, conversation);
      session.update(REMOVE, conversation);
    }
    return changed + gone.size();
  }
}
