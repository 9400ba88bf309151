package antiphon.store.sql.vector;

import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import antiphon.protocol.json.Json;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Paging;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of vector stores. */
public final class VectorStoreRows {

  private static final String CREATE =
      """
      INSERT INTO vector_stores (tenant, end_user, id, name, description, metadata, expires_days,
        expires_at, embedding_model, dimensions, created_at, last_active_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, CAST(? AS BIGINT) * 86400000 + ${now}, ?, ?, ${now}, ${now})
      ON CONFLICT (tenant, end_user, id) DO NOTHING
      """;

  private static final String OWNED =
      "SELECT "
          + VectorRows.STORE_COLUMNS
          + " FROM vector_stores t WHERE t.tenant = ? AND t.end_user = ? AND NOT t.deleted ";

  private static final String FIND = OWNED + "AND t.id = ?";

  private static final Paging LIST =
      new Paging(
          "SELECT t.created_at, t.id FROM vector_stores t"
              + " WHERE t.tenant = ? AND t.end_user = ? AND t.id = ? AND NOT t.deleted",
          OWNED + "AND t.id <> 'memory' ");

  private static final String ACTIVE =
      "last_active_at = ${now}, expires_at = CAST(expires_days AS BIGINT) * 86400000 + ${now}";

  private static final String THIS = "WHERE tenant = ? AND end_user = ? AND id = ? AND NOT deleted";

  private static final String UPDATE =
      """
      UPDATE vector_stores SET name = ?, description = ?, metadata = ?, expires_days = ?,
        last_active_at = ${now}, expires_at = CAST(? AS BIGINT) * 86400000 + ${now}
      """
          + THIS;

  private static final String DELETE =
      "UPDATE vector_stores SET deleted = TRUE, name = NULL, description = NULL, metadata = ?, "
          + " version = version + 1 "
          + THIS
          + " RETURNING row_id";

  private static final String STOP =
      "UPDATE vector_files SET epoch = epoch + 1, status = 'cancelled', purge = TRUE"
          + " WHERE store_row = ? AND status = 'in_progress'";

  private static final String DROP_PERMISSIONS =
      "DELETE FROM vector_permissions WHERE store_row = ?";

  private static final String TOUCH =
      "UPDATE vector_stores SET "
          + ACTIVE
          + " WHERE row_id = ? AND NOT deleted AND last_active_at < ${now} - 60000";

  private static final String BUMP = "UPDATE vector_stores SET version = version + 1, " + ACTIVE;

  private static final String BUMP_THIS = BUMP + " " + THIS + " RETURNING row_id, version";

  private static final String BUMP_ROW =
      BUMP + " WHERE row_id = ? AND NOT deleted RETURNING row_id, version";

  private static final String EXPIRED =
      """
      SELECT t.tenant, t.end_user, t.id FROM vector_stores t
      WHERE t.expires_at IS NOT NULL AND NOT t.deleted AND t.expires_at <= ${now}
      ORDER BY t.expires_at LIMIT ?
      """;

  /**
   * A store that was changed in this transaction, and that nobody else changes until its end.
   *
   * @param version since then
   */
  record Bumped(long row, long version) {}

  private VectorStoreRows() {}

  public static VectorStore create(Session session, VectorStore.Fresh store) throws SQLException {
    session.update(
        CREATE,
        VectorRows.key(store.id()),
        store.name(),
        store.description(),
        Json.bytes(store.metadata()),
        store.expiresDays(),
        store.expiresDays(),
        store.embeddingModel(),
        store.dimensions());
    return find(session, store.id()).orElseThrow();
  }

  public static Optional<VectorStore> find(Session session, VectorStoreId id) throws SQLException {
    Optional<VectorStore> found = session.first(VectorRows::store, FIND, VectorRows.key(id));
    return found.isEmpty() ? found : Optional.of(counted(session, found.get()));
  }

  private static VectorStore counted(Session session, VectorStore store) throws SQLException {
    return VectorRows.with(store, VectorRows.counts(session, store.row()));
  }

  public static Optional<Page<VectorStore>> list(Session session, Owner owner, PageRequest page)
      throws SQLException {
    Optional<Page<VectorStore>> found =
        LIST.page(session, VectorRows::store, owner, page, List.of());
    if (found.isEmpty()) {
      return found;
    }
    List<VectorStore> data = new ArrayList<>();
    for (VectorStore store : found.get().data()) {
      data.add(counted(session, store));
    }
    return Optional.of(new Page<>(data, found.get().hasMore()));
  }

  public static Optional<VectorStore> update(
      Session session, VectorStoreId id, VectorStore.Settings settings) throws SQLException {
    session.update(
        UPDATE,
        settings.name(),
        settings.description(),
        Json.bytes(settings.metadata()),
        settings.expiresDays(),
        settings.expiresDays(),
        VectorRows.key(id));
    return find(session, id);
  }

  public static boolean delete(Session session, VectorStoreId id) throws SQLException {
    Optional<Long> row =
        session.first(found -> found.getLong(1), DELETE, Json.bytes(List.of()), VectorRows.key(id));
    if (row.isPresent()) {
      session.update(STOP, row.get());
      session.update(DROP_PERMISSIONS, row.get());
    }
    return row.isPresent();
  }

  public static void touch(Session session, long row) throws SQLException {
    session.update(TOUCH, row);
  }

  static Optional<Bumped> bump(Session session, VectorStoreId id) throws SQLException {
    return session.first(
        row -> new Bumped(row.getLong(1), row.getLong(2)), BUMP_THIS, VectorRows.key(id));
  }

  static Optional<Bumped> bump(Session session, long storeRow) throws SQLException {
    return session.first(row -> new Bumped(row.getLong(1), row.getLong(2)), BUMP_ROW, storeRow);
  }

  public static List<VectorStoreId> expired(Session session, int limit) throws SQLException {
    return session.list(
        row ->
            new VectorStoreId(Columns.owner(row.getString(1), row.getString(2)), row.getString(3)),
        EXPIRED,
        limit);
  }
}
