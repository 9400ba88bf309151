package antiphon.store.sql.vector;

import antiphon.core.file.FileId;
import antiphon.core.vector.AttachedFile.Failure;
import antiphon.core.vector.Chunk;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.IndexJob;
import antiphon.core.vector.VectorStoreId;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The work of indexing: rows in progress, who has them, and what comes of them. */
public final class VectorQueue {

  /** The oldest of each owner, so that nobody's many files keep others waiting. */
  private static final String WAITING =
      """
      SELECT min(f.row_id) AS oldest FROM vector_files f
      WHERE f.status = 'in_progress' AND f.lease_until <= ${now}
      GROUP BY f.tenant, f.end_user ORDER BY oldest LIMIT ?
      """;

  private static final String CLAIM =
      """
      UPDATE vector_files SET node = ?, lease_until = ${now} + ?, epoch = epoch + 1,
        attempts = attempts + 1, chunk_count = NULL, processed = 0, page_count = NULL
      WHERE row_id = ? AND status = 'in_progress' AND lease_until <= ${now}
      """;

  private static final String DROP_CHUNKS = "DELETE FROM vector_chunks WHERE file_row = ?";

  private static final String JOB =
      """
      SELECT s.tenant, s.end_user, s.id, t.store_row, s.embedding_model, t.id, t.row_id, t.epoch,
        t.attempts, t.auto_chunking, t.max_tokens, t.overlap_tokens, t.tenant, t.end_user
      FROM vector_files t JOIN vector_stores s ON s.row_id = t.store_row WHERE t.row_id = ?
      """;

  private static final String MINE = " WHERE row_id = ? AND epoch = ? AND status = 'in_progress'";

  private static final String EXTEND = "UPDATE vector_files SET lease_until = ${now} + ?" + MINE;

  private static final String CUT =
      "UPDATE vector_files SET chunk_count = ?, page_count = ?" + MINE;

  private static final String PROCESSED =
      "UPDATE vector_files SET processed = processed + ?" + MINE;

  private static final String ADD =
      """
      INSERT INTO vector_chunks (file_row, number, text, heading, page, vector)
      VALUES (?, ?, ?, ?, ?, ?)
      """;

  private static final String COMPLETE =
      """
      UPDATE vector_files SET status = 'completed', changed = ?, lease_until = 0,
        usage_bytes = (
          SELECT coalesce(sum(octet_length(c.text) + octet_length(c.vector)), 0)
          FROM vector_chunks c WHERE c.file_row = vector_files.row_id)
      """
          + MINE;

  private static final String FAIL =
      "UPDATE vector_files SET status = 'failed', error_code = ?, error_message = ?,"
          + " lease_until = 0, purge = TRUE"
          + MINE;

  private static final String RELEASE =
      "UPDATE vector_files SET lease_until = 0, attempts = attempts - 1" + MINE;

  private VectorQueue() {}

  public static List<IndexJob> claim(Session session, String node, int limit, Duration lease)
      throws SQLException {
    List<IndexJob> claimed = new ArrayList<>();
    for (long row : session.list(found -> found.getLong(1), WAITING, limit)) {
      if (session.update(CLAIM, node, lease.toMillis(), row) > 0) {
        session.update(DROP_CHUNKS, row);
        Optional<IndexJob> job = session.first(VectorQueue::job, JOB, row);
        claimed.add(job.orElseThrow());
      }
    }
    return claimed;
  }

  private static IndexJob job(ResultSet row) throws SQLException {
    VectorStoreId store =
        new VectorStoreId(Columns.owner(row.getString(1), row.getString(2)), row.getString(3));
    return new IndexJob(
        store,
        row.getLong(4),
        row.getString(5),
        new FileId(Columns.owner(row.getString(13), row.getString(14)), row.getString(6)),
        row.getLong(7),
        row.getLong(8),
        row.getInt(9),
        new Chunking(row.getBoolean(10), row.getInt(11), row.getInt(12)));
  }

  public static List<IndexJob> extend(Session session, Collection<IndexJob> jobs, Duration lease)
      throws SQLException {
    List<IndexJob> lost = new ArrayList<>();
    for (IndexJob job : jobs) {
      if (session.update(EXTEND, lease.toMillis(), job.row(), job.epoch()) == 0) {
        lost.add(job);
      }
    }
    return lost;
  }

  public static boolean cut(Session session, IndexJob job, int chunks, @Nullable Integer pages)
      throws SQLException {
    return session.update(CUT, chunks, pages, job.row(), job.epoch()) > 0;
  }

  public static boolean add(Session session, IndexJob job, List<Chunk> chunks) throws SQLException {
    if (session.update(PROCESSED, chunks.size(), job.row(), job.epoch()) == 0) {
      return false;
    }
    List<List<?>> rows = new ArrayList<>();
    for (Chunk chunk : chunks) {
      rows.add(
          Arrays.asList(
              job.row(),
              chunk.number(),
              chunk.text(),
              chunk.heading(),
              chunk.page(),
              VectorRows.bytes(chunk.vector())));
    }
    session.updateAll(ADD, rows);
    return true;
  }

  public static boolean complete(Session session, IndexJob job) throws SQLException {
    // The store first, as everybody does: two that lock in different orders wait for each other.
    var store = VectorStoreRows.bump(session, job.storeRow());
    return store.isPresent()
        && session.update(COMPLETE, store.get().version(), job.row(), job.epoch()) > 0;
  }

  public static boolean fail(Session session, IndexJob job, Failure failure) throws SQLException {
    return session.update(FAIL, failure.code().wire(), failure.message(), job.row(), job.epoch())
        > 0;
  }

  public static int release(Session session, IndexJob job) throws SQLException {
    return session.update(RELEASE, job.row(), job.epoch());
  }

  /** Gives every claim back, where it is known that no node is alive. */
  public static int voidAll(Session session) throws SQLException {
    return session.update("UPDATE vector_files SET lease_until = 0 WHERE status = 'in_progress'");
  }
}
