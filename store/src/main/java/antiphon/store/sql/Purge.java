package antiphon.store.sql;

import antiphon.core.store.Retention;
import antiphon.store.sql.conversation.ConversationPurge;
import antiphon.store.sql.conversation.WordIndex;
import antiphon.store.sql.jdbc.Session;
import antiphon.store.sql.vector.MemoryRows;
import antiphon.store.sql.vector.VectorFileRows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Removes what need not be kept, a few rows at a time. First a response is marked, which hides it
 * or its log at once; then its rows go.
 */
final class Purge {

  /** How many are marked, as far as that matters. */
  private static final String MARKED =
      "SELECT count(*) FROM (SELECT r.row_id FROM responses r WHERE r.purge > 0 LIMIT ?) AS m";

  private static final String EXPIRE_RESPONSES =
      """
      UPDATE responses SET deleted_at = ${now}, purge = 2
      WHERE row_id IN (
        SELECT row_id FROM responses
        WHERE completed_at IS NOT NULL AND deleted_at IS NULL AND completed_at < ${now} - ?
        ORDER BY completed_at LIMIT ?)
      """;

  private static final String EXPIRE_BRIEF =
      """
      UPDATE responses SET deleted_at = ${now}, purge = 2
      WHERE row_id IN (
        SELECT row_id FROM responses
        WHERE brief AND completed_at IS NOT NULL AND deleted_at IS NULL
          AND completed_at < ${now} - ?
        ORDER BY completed_at LIMIT ?)
      """;

  private static final String EXPIRE_LOGS =
      """
      UPDATE responses SET log_expired = TRUE, purge = 1
      WHERE row_id IN (
        SELECT row_id FROM responses
        WHERE completed_at IS NOT NULL AND deleted_at IS NULL AND NOT log_expired
          AND completed_at < ${now} - ?
        ORDER BY completed_at LIMIT ?)
      """;

  private static final String REMOVE_EVENTS =
      """
      DELETE FROM events WHERE (row_id, first_sequence) IN (
        SELECT e.row_id, e.first_sequence
        FROM responses r CROSS JOIN events e
        WHERE r.purge > 0 AND e.row_id = r.row_id LIMIT ?)
      """;

  private static final String REMOVE_BODIES =
      """
      DELETE FROM bodies WHERE row_id IN (
        SELECT r.row_id FROM responses r
        WHERE r.purge > 0 AND r.purge = 2
          AND NOT EXISTS (SELECT 1 FROM events e WHERE e.row_id = r.row_id)
        LIMIT ?)
      """;

  private static final String REMOVE_ENTRIES =
      """
      DELETE FROM entries WHERE (row_id, number) IN (
        SELECT e.row_id, e.number
        FROM responses r CROSS JOIN entries e
        WHERE r.purge > 0 AND r.purge = 2 AND e.row_id = r.row_id LIMIT ?)
      """;

  private static final String REMOVE_KEYS =
      """
      DELETE FROM idempotency_keys WHERE (tenant, end_user, id) IN (
        SELECT k.tenant, k.end_user, k.id
        FROM responses r CROSS JOIN idempotency_keys k
        WHERE r.purge > 0 AND r.purge = 2
          AND k.tenant = r.tenant AND k.end_user = r.end_user AND k.id = r.id
        LIMIT ?)
      """;

  private static final String REMEMBERED =
      """
      SELECT f.tenant, f.end_user, f.id
      FROM responses r CROSS JOIN vector_files f
      WHERE r.purge > 0 AND r.purge = 2 AND f.status <> 'deleted'
        AND f.tenant = r.tenant AND f.end_user = r.end_user AND f.id = r.id
      LIMIT ?
      """;

  private static final String REMOVE_NOTES =
      """
      DELETE FROM memory_notes WHERE (tenant, end_user, id) IN (
        SELECT n.tenant, n.end_user, n.id
        FROM responses r CROSS JOIN memory_notes n
        WHERE r.purge > 0 AND r.purge = 2
          AND n.tenant = r.tenant AND n.end_user = r.end_user AND n.id = r.id
        LIMIT ?)
      """;

  private static final String REMOVE_RESPONSES =
      """
      DELETE FROM responses WHERE row_id IN (
        SELECT r.row_id FROM responses r
        WHERE r.purge > 0 AND r.purge = 2
          AND NOT EXISTS (SELECT 1 FROM events e WHERE e.row_id = r.row_id)
          AND NOT EXISTS (SELECT 1 FROM bodies b WHERE b.row_id = r.row_id)
          AND NOT EXISTS (SELECT 1 FROM entries n WHERE n.row_id = r.row_id)
          AND NOT EXISTS (
            SELECT 1 FROM idempotency_keys k
            WHERE k.tenant = r.tenant AND k.end_user = r.end_user AND k.id = r.id)
          AND NOT EXISTS (
            SELECT 1 FROM memory_notes m
            WHERE m.tenant = r.tenant AND m.end_user = r.end_user AND m.id = r.id)
          AND NOT EXISTS (
            SELECT 1 FROM vector_files f
            WHERE f.tenant = r.tenant AND f.end_user = r.end_user AND f.id = r.id
              AND f.status <> 'deleted')
        LIMIT ?)
      """;

  private static final String FINISH_LOGS =
      """
      UPDATE responses SET purge = 0
      WHERE row_id IN (
        SELECT r.row_id FROM responses r
        WHERE r.purge > 0 AND r.purge = 1
          AND NOT EXISTS (SELECT 1 FROM events e WHERE e.row_id = r.row_id)
        LIMIT ?)
      """;

  /**
   * A response has about so many rows. More responses are marked only when most of those that are
   * have gone: each look at what can go passes over all that still have rows.
   */
  private static final int ROWS_EACH = 10;

  private static final int LEAST_MARKED = 20;

  /** One node at a time is enough, and two would get into each other's way. */
  private static final int LOCK = 0x70757267;

  private Purge() {}

  static int purge(Session session, WordIndex words, Retention retention, int batch)
      throws SQLException {
    if (!session.tryLock(LOCK)) {
      return -1;
    }
    int changed = session.update(EXPIRE_BRIEF, retention.brief().toMillis(), batch);
    changed += mark(session, retention, Math.max(LEAST_MARKED, batch / ROWS_EACH), batch);
    changed += session.update(REMOVE_EVENTS, batch);
    changed += session.update(REMOVE_BODIES, batch);
    changed += session.update(REMOVE_ENTRIES, batch);
    changed += session.update(REMOVE_KEYS, batch);
    changed += forget(session, batch);
    changed += session.update(REMOVE_RESPONSES, batch);
    changed += session.update(FINISH_LOGS, batch);
    changed += SqlApprovals.purge(session, retention.responses().toMillis(), batch);
    changed += ConversationPurge.purge(session, words, retention.responses().toMillis(), batch);
    changed += MemoryRows.purge(session, batch);
    // What is marked and does not go must not keep the rest from it.
    return changed > 0 ? changed : mark(session, retention, Integer.MAX_VALUE, batch);
  }

  /** Marks what has become old, until so many are marked, and no more than a batch. */
  private static int mark(Session session, Retention retention, int most, int batch)
      throws SQLException {
    int marked = session.first(row -> row.getInt(1), MARKED, most).orElse(0);
    int room = Math.min(batch, most - marked);
    return room <= 0
        ? 0
        : session.update(EXPIRE_RESPONSES, retention.responses().toMillis(), room)
            + session.update(EXPIRE_LOGS, retention.logs().toMillis(), room);
  }

  /** What is remembered of a response goes with it. */
  private static int forget(Session session, int batch) throws SQLException {
    int forgotten = session.update(REMOVE_NOTES, batch);
    List<List<Object>> keys =
        new ArrayList<>(
            session.list(
                row -> List.<Object>of(row.getString(1), row.getString(2), row.getString(3)),
                REMEMBERED,
                batch));
    // As MemoryRows does it, which may lock some of these stores too.
    keys.sort(Comparator.comparing(key -> List.of(key.get(0), key.get(1), "").toString()));
    for (List<Object> key : keys) {
      VectorFileRows.detachEverywhere(session, key);
    }
    return forgotten + keys.size();
  }
}
