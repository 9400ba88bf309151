package antiphon.store.postgres;

import antiphon.store.sql.conversation.WordIndex;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Words as tsvectors, cut and made alike before: the parsers of PostgreSQL see none of them. */
final class PostgresWords implements WordIndex {

  private static final String INSERT =
      """
      INSERT INTO conversation_items (conversation, position, id, bytes, item, told, words)
      VALUES (?, ?, ?, ?, ?, ?, array_to_tsvector(string_to_array(?, ' '))) ON CONFLICT DO NOTHING
      """;

  private static final String DELETE = "DELETE FROM conversation_items WHERE row_id = ?";

  private static final String METADATA =
      """
      UPDATE conversations SET words = array_to_tsvector(string_to_array(?, ' ')) WHERE row_id = ?
      """;

  private static final String MATCHING =
      """
      (SELECT i.conversation FROM conversation_items i WHERE i.words @@ ?::tsquery
       UNION ALL
       SELECT m.row_id FROM conversations m WHERE m.words @@ ?::tsquery)
      """;

  private static final String PURGE =
      """
      DELETE FROM conversation_items WHERE row_id IN (
        SELECT i.row_id FROM conversations c CROSS JOIN conversation_items i
        WHERE c.deleted_at IS NOT NULL AND c.deleted_at < ${now} - ? AND i.conversation = c.row_id
        LIMIT ?)
      """;

  @Override
  public long insert(Session session, long conversation, String owner, List<Entry> entries)
      throws SQLException {
    List<List<? extends @Nullable Object>> rows = new ArrayList<>();
    for (Entry entry : entries) {
      rows.add(
          Arrays.asList(
              conversation,
              entry.position(),
              entry.id(),
              entry.bytes(),
              entry.item(),
              entry.told(),
              entry.words()));
    }
    int[] inserted = session.updateAll(INSERT, rows);
    long bytes = 0;
    for (int i = 0; i < inserted.length; i++) {
      bytes += inserted[i] == 0 ? 0 : entries.get(i).bytes();
    }
    return bytes;
  }

  @Override
  public void delete(Session session, long item) throws SQLException {
    session.update(DELETE, item);
  }

  @Override
  public void metadata(Session session, long conversation, String owner, String words)
      throws SQLException {
    session.update(METADATA, words, conversation);
  }

  @Override
  public String matching() {
    return MATCHING;
  }

  @Override
  public String query(String owner, String words) {
    return "'" + words.replace(" ", "' & '") + "'";
  }

  @Override
  public int purge(Session session, long age, int batch) throws SQLException {
    return session.update(PURGE, age, batch);
  }
}
