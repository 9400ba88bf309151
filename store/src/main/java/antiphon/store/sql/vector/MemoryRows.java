package antiphon.store.sql.vector;

import antiphon.core.memory.MemoryStore;
import antiphon.core.memory.MemoryStore.Space;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import antiphon.protocol.json.Json;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rows of memories: notes of responses that are not over, and what became of them. */
public final class MemoryRows {

  /** After so long a note without a response is none's. */
  private static final long STALE_MILLIS = 24L * 60 * 60 * 1000;

  /** One node at a time is enough. */
  private static final int LOCK = 0x6d656d6f;

  private static final String NOTE =
      """
      INSERT INTO memory_notes (tenant, end_user, id, noted_at) VALUES (?, ?, ?, ${now})
      ON CONFLICT (tenant, end_user, id) DO NOTHING
      """;

  private static final String ENDED =
      """
      SELECT n.tenant, n.end_user, n.id, r.created_at,
        r.status = 'completed' AND r.deleted_at IS NULL
      FROM memory_notes n CROSS JOIN responses r
      WHERE r.tenant = n.tenant AND r.end_user = n.end_user AND r.id = n.id
        AND r.completed_at IS NOT NULL
      LIMIT ?
      """;

  private static final String TAKEN =
      "DELETE FROM memory_notes WHERE tenant = ? AND end_user = ? AND id = ?";

  private static final String STALE =
      """
      DELETE FROM memory_notes WHERE (tenant, end_user, id) IN (
        SELECT n.tenant, n.end_user, n.id FROM memory_notes n
        WHERE n.noted_at < ${now} - ? AND NOT EXISTS (
          SELECT 1 FROM responses r
          WHERE r.tenant = n.tenant AND r.end_user = n.end_user AND r.id = n.id)
        LIMIT ?)
      """;

  private static final String ADD =
      """
      INSERT INTO vector_files (store_row, tenant, end_user, id, batch, status, filename, sha256,
        auto_chunking, max_tokens, overlap_tokens, attributes, created_at, changed)
      VALUES (?, ?, ?, ?, '', 'in_progress', '', '', ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING
      """;

  private static final String OLDEST =
      """
      SELECT t.id FROM vector_files t
      WHERE t.store_row = ? AND t.status <> 'deleted' ORDER BY t.created_at, t.id LIMIT ?
      """;

  private static final String REMODEL =
      """
      UPDATE vector_stores SET embedding_model = ?, dimensions = ?, version = version + 1,
        floor = version + 1
      WHERE row_id = ? AND NOT deleted AND embedding_model <> ?
      """;

  private static final String AGAIN =
      """
      UPDATE vector_files SET status = 'in_progress', lease_until = 0, attempts = 0,
        epoch = epoch + 1, auto_chunking = ?, max_tokens = ?, overlap_tokens = ?
      WHERE store_row = ? AND status IN ('completed', 'failed', 'in_progress')
      """;

  private static final String IN_PROGRESS =
      "SELECT count(*) FROM vector_files f WHERE f.store_row = ? AND f.status = 'in_progress'";

  private static final String LIVES =
      """
      SELECT r.id FROM responses r
      WHERE r.tenant = ? AND r.end_user = ? AND r.id = ? AND r.deleted_at IS NULL
      """;

  private static final String DROP_NOTES =
      "DELETE FROM memory_notes WHERE tenant = ? AND end_user = ?";

  private record Ended(Owner owner, String id, long createdAt, boolean completed) {
    static Ended of(ResultSet row) throws SQLException {
      return new Ended(
          Columns.owner(row.getString(1), row.getString(2)),
          row.getString(3),
          row.getLong(4),
          row.getBoolean(5));
    }
  }

  private MemoryRows() {}

  private static List<Object> key(Owner owner, String id) {
    return List.of(owner.tenant(), Columns.endUser(owner), id);
  }

  public static int note(Session session, ResponseId id) throws SQLException {
    return session.update(NOTE, key(id.owner(), id.value()));
  }

  public static boolean waiting(Session session) throws SQLException {
    return session.first(Ended::of, ENDED, 1).isPresent();
  }

  public static int settle(Session session, Space space, int batch) throws SQLException {
    if (!session.tryLock(LOCK)) {
      return 0;
    }
    List<Ended> ended = new ArrayList<>(session.list(Ended::of, ENDED, batch));
    // Whoever locks several stores does so in the same order.
    ended.sort(Comparator.comparing(one -> key(one.owner, "").toString()));
    for (Ended one : ended) {
      if (one.completed) {
        add(session, space, one);
      }
      session.update(TAKEN, key(one.owner, one.id));
    }
    return ended.size();
  }

  /** Removes notes of responses that were never written, or are gone. */
  public static int purge(Session session, int batch) throws SQLException {
    return session.update(STALE, STALE_MILLIS, batch);
  }

  private static void add(Session session, Space space, Ended ended) throws SQLException {
    VectorStoreId memory = VectorStoreId.memory(ended.owner);
    var store = VectorStoreRows.bump(session, memory);
    if (store.isEmpty()) {
      var _ =
          VectorStoreRows.create(
              session,
              new VectorStore.Fresh(
                  memory, null, null, Map.of(), null, space.model(), space.dimensions()));
      store = VectorStoreRows.bump(session, memory);
    }
    VectorStoreRows.Bumped bumped = store.orElseThrow();
    makeRoom(session, bumped);
    session.update(
        ADD,
        bumped.row(),
        ended.owner.tenant(),
        Columns.endUser(ended.owner),
        ended.id,
        space.chunking().auto(),
        space.chunking().maxTokens(),
        space.chunking().overlapTokens(),
        Json.bytes(Map.of()),
        ended.createdAt,
        bumped.version());
  }

  private static void makeRoom(Session session, VectorStoreRows.Bumped store) throws SQLException {
    int there = VectorRows.counts(session, store.row()).counts().total();
    int tooMany = there + 1 - MemoryStore.MOST_EXCHANGES;
    if (tooMany > 0) {
      for (String id : session.list(row -> row.getString(1), OLDEST, store.row(), tooMany)) {
        VectorFileRows.bury(session, store, id);
      }
    }
  }

  public static int remodel(Session session, Owner owner, Space space) throws SQLException {
    Optional<VectorStore> memory = VectorStoreRows.find(session, VectorStoreId.memory(owner));
    if (memory.isEmpty()) {
      return 0;
    }
    long row = memory.get().row();
    if (session.update(REMODEL, space.model(), space.dimensions(), row, space.model()) > 0) {
      session.update(
          AGAIN,
          space.chunking().auto(),
          space.chunking().maxTokens(),
          space.chunking().overlapTokens(),
          row);
    }
    return session.first(found -> found.getInt(1), IN_PROGRESS, row).orElse(0);
  }

  public static Set<String> living(Session session, Owner owner, Set<String> ids)
      throws SQLException {
    Set<String> living = new HashSet<>();
    for (String id : ids) {
      session.first(row -> row.getString(1), LIVES, key(owner, id)).ifPresent(living::add);
    }
    return living;
  }

  public static int forget(Session session, Owner owner) throws SQLException {
    session.update(DROP_NOTES, owner.tenant(), Columns.endUser(owner));
    var store = VectorStoreRows.bump(session, VectorStoreId.memory(owner));
    return store.isEmpty() ? 0 : VectorFileRows.buryAll(session, store.get());
  }
}
