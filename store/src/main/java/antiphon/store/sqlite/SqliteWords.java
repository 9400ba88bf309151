package antiphon.store.sqlite;

import antiphon.store.sql.conversation.WordIndex;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Words in an FTS5 table: those of an item under its row, those of metadata under minus the row.
 */
final class SqliteWords implements WordIndex {

  private static final String INSERT =
      """
      INSERT INTO conversation_items (conversation, position, id, bytes, item, told)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING row_id
      """;

  private static final String ADD_WORDS =
      "INSERT INTO conversation_words (rowid, words) VALUES (?, ?)";

  private static final String DELETE_WORDS = "DELETE FROM conversation_words WHERE rowid = ?";

  private static final String DELETE = "DELETE FROM conversation_items WHERE row_id = ?";

  private static final String MATCHING =
      """
      (SELECT i.conversation FROM conversation_words CROSS JOIN conversation_items i
       WHERE conversation_words MATCH ? AND i.row_id = conversation_words.rowid
       UNION ALL
       SELECT -conversation_words.rowid FROM conversation_words
       WHERE conversation_words MATCH ? AND conversation_words.rowid < 0)
      """;

  private static final String OF_DELETED =
      """
      SELECT i.row_id FROM conversations c CROSS JOIN conversation_items i
      WHERE c.deleted_at IS NOT NULL AND c.deleted_at < ${now} - ? AND i.conversation = c.row_id
      LIMIT ?
      """;

  @Override
  public long insert(Session session, long conversation, String owner, List<Entry> entries)
      throws SQLException {
    long bytes = 0;
    for (Entry entry : entries) {
      Optional<Long> row =
          session.first(
              r -> r.getLong(1),
              INSERT,
              conversation,
              entry.position(),
              entry.id(),
              entry.bytes(),
              entry.item(),
              entry.told());
      if (row.isPresent()) {
        bytes += entry.bytes();
        if (!entry.words().isEmpty()) {
          session.update(ADD_WORDS, row.get(), owner + " " + entry.words());
        }
      }
    }
    return bytes;
  }

  @Override
  public void delete(Session session, long item) throws SQLException {
    session.update(DELETE_WORDS, item);
    session.update(DELETE, item);
  }

  @Override
  public void metadata(Session session, long conversation, String owner, String words)
      throws SQLException {
    session.update(DELETE_WORDS, -conversation);
    if (!words.isEmpty()) {
      session.update(ADD_WORDS, -conversation, owner + " " + words);
    }
  }

  @Override
  public String matching() {
    return MATCHING;
  }

  /** Quoted, so that no word means anything to the query language. */
  @Override
  public String query(String owner, String words) {
    return "\"" + owner + "\" \"" + words.replace(" ", "\" \"") + "\"";
  }

  @Override
  public int purge(Session session, long age, int batch) throws SQLException {
    List<Long> rows = session.list(row -> row.getLong(1), OF_DELETED, age, batch);
    for (long row : rows) {
      delete(session, row);
    }
    return rows.size();
  }
}
