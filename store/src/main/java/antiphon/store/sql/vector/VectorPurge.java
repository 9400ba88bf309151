package antiphon.store.sql.vector;

import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.List;

/** Removes what was deleted of vector stores, a part at a time. */
public final class VectorPurge {

  /** So long do the rows of deleted files stay, for the indexes of nodes that were away. */
  private static final long GRAVES_MILLIS = 24L * 60 * 60 * 1000;

  private static final String FILES = "SELECT row_id FROM vector_files WHERE purge LIMIT ?";

  private static final String CHUNKS =
      """
      DELETE FROM vector_chunks WHERE file_row = ? AND number IN
        (SELECT c.number FROM vector_chunks c WHERE c.file_row = ? ORDER BY c.number LIMIT ?)
      """;

  private static final String PURGED = "UPDATE vector_files SET purge = FALSE WHERE row_id = ?";

  private static final String DEAD_STORE = "SELECT row_id FROM vector_stores WHERE deleted LIMIT 1";

  private static final String FILES_OF =
      "SELECT row_id FROM vector_files WHERE store_row = ? LIMIT ?";

  private static final String DROP_FILE = "DELETE FROM vector_files WHERE row_id = ?";
  private static final String DROP_BATCHES = "DELETE FROM vector_batches WHERE store_row = ?";
  private static final String DROP_STORE = "DELETE FROM vector_stores WHERE row_id = ?";

  private static final String GRAVES =
      """
      SELECT row_id, store_row, changed FROM vector_files
      WHERE deleted_at IS NOT NULL AND deleted_at < ${now} - ? AND NOT purge
      ORDER BY deleted_at LIMIT ?
      """;

  private static final String RAISE =
      "UPDATE vector_stores SET floor = ? WHERE row_id = ? AND floor < ?";

  private record Grave(long row, long store, long changed) {}

  private VectorPurge() {}

  public static int purge(Session session, int batch) throws SQLException {
    // Not always: what is deleted elsewhere would cost more than it does.
    session.overwrite(true);
    try {
      return some(session, batch);
    } finally {
      session.overwrite(false);
    }
  }

  private static int some(Session session, int batch) throws SQLException {
    int removed = files(session, session.list(row -> row.getLong(1), FILES, batch), batch, false);
    if (removed == 0) {
      removed = store(session, batch);
    }
    return removed == 0 ? graves(session, batch) : removed;
  }

  private static int files(Session session, List<Long> files, int batch, boolean whole)
      throws SQLException {
    int removed = 0;
    for (long file : files) {
      int chunks = session.update(CHUNKS, file, file, batch - removed);
      removed += chunks;
      if (removed >= batch) {
        return removed;
      }
      session.update(whole ? DROP_FILE : PURGED, file);
      removed++;
    }
    return removed;
  }

  private static int store(Session session, int batch) throws SQLException {
    var store = session.first(row -> row.getLong(1), DEAD_STORE);
    if (store.isEmpty()) {
      return 0;
    }
    List<Long> files = session.list(row -> row.getLong(1), FILES_OF, store.get(), batch);
    if (!files.isEmpty()) {
      return files(session, files, batch, true);
    }
    session.update(DROP_BATCHES, store.get());
    return session.update(DROP_STORE, store.get());
  }

  private static int graves(Session session, int batch) throws SQLException {
    List<Grave> graves =
        session.list(
            row -> new Grave(row.getLong(1), row.getLong(2), row.getLong(3)),
            GRAVES,
            GRAVES_MILLIS,
            batch);
    for (Grave grave : graves) {
      session.update(RAISE, grave.changed, grave.store, grave.changed);
      session.update(DROP_FILE, grave.row);
    }
    return graves.size();
  }
}
