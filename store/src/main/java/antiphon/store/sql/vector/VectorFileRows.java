package antiphon.store.sql.vector;

import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.core.vector.AttachedFile;
import antiphon.core.vector.AttachedFile.Code;
import antiphon.core.vector.AttachedFile.Fresh;
import antiphon.core.vector.AttachedFile.Status;
import antiphon.core.vector.Attaching;
import antiphon.core.vector.Changes;
import antiphon.core.vector.FileBatch;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorStoreId;
import antiphon.protocol.json.Json;
import antiphon.store.sql.jdbc.Columns;
import antiphon.store.sql.jdbc.Paging;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Rows of files in vector stores, and of batches of them. */
public final class VectorFileRows {

  private static final String THERE = " AND t.status <> 'deleted' ";

  private static final String STORE_ROW =
      """
      SELECT t.row_id FROM vector_stores t
      WHERE t.tenant = ? AND t.end_user = ? AND t.id = ? AND NOT t.deleted
      """;

  private static final String FIND = VectorRows.FILES + "t.store_row = ? AND t.id = ?" + THERE;

  private static final Paging LIST =
      new Paging(
          "SELECT t.created_at, t.id FROM vector_files t WHERE t.store_row = ? AND t.id = ?"
              + THERE,
          VectorRows.FILES
              + "t.store_row = ?"
              + THERE
              + "AND (? = '' OR t.batch = ?) AND (? = '' OR t.status = ?)");

  private static final String HOLDER =
      """
      SELECT t.id FROM vector_files t
      WHERE t.store_row = ? AND t.sha256 = ? AND t.status IN ('in_progress', 'completed')
      ORDER BY t.row_id LIMIT 1
      """;

  private static final String DROP_UNDONE =
      "DELETE FROM vector_files WHERE store_row = ? AND id = ? AND status IN ('failed',"
          + " 'cancelled') RETURNING row_id";

  private static final String DROP_CHUNKS = "DELETE FROM vector_chunks WHERE file_row = ?";

  private static final String ADD =
      """
      INSERT INTO vector_files (store_row, tenant, end_user, id, batch, status, error_code,
        error_message, filename, sha256, auto_chunking, max_tokens, overlap_tokens, attributes,
        created_at, changed)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${now}, ?)
      """;

  private static final String ADD_BATCH =
      "INSERT INTO vector_batches (store_row, id, created_at) VALUES (?, ?, ${now})";

  private static final String ATTRIBUTES =
      "UPDATE vector_files SET attributes = ?, changed = ?"
          + " WHERE store_row = ? AND id = ? AND status <> 'deleted'";

  /** Nothing of it is left but that it was there. */
  private static final String BURY =
      """
      UPDATE vector_files SET status = 'deleted', purge = TRUE, deleted_at = ${now}, changed = ?,
        epoch = epoch + 1, id = '', filename = '', sha256 = '', attributes = ?,
        error_message = NULL
      """;

  private static final String DETACH =
      BURY + " WHERE store_row = ? AND id = ? AND status <> 'deleted'";

  private static final String DETACH_ALL = BURY + " WHERE store_row = ? AND status <> 'deleted'";

  private static final String STORES_OF =
      """
      SELECT t.store_row FROM vector_files t
      WHERE t.tenant = ? AND t.end_user = ? AND t.id = ? AND t.status <> 'deleted'
      ORDER BY t.store_row
      """;

  private static final String FIND_BATCH =
      "SELECT created_at, cancelled FROM vector_batches WHERE store_row = ? AND id = ?";

  private static final String CANCEL_BATCH =
      "UPDATE vector_batches SET cancelled = TRUE WHERE store_row = ? AND id = ?";

  private static final String CANCEL_FILES =
      "UPDATE vector_files SET status = 'cancelled', epoch = epoch + 1, purge = TRUE, changed = ?"
          + " WHERE store_row = ? AND batch = ? AND status = 'in_progress'";

  private static final String CHANGES =
      VectorRows.FILES
          + "t.store_row = ? AND t.changed > ? AND t.status IN ('completed', 'deleted')"
          + " ORDER BY t.changed, t.row_id LIMIT ?";

  private VectorFileRows() {}

  public static Attaching attach(
      Session session, VectorStoreId id, @Nullable String batch, List<Fresh> files, boolean skip)
      throws SQLException {
    var store = VectorStoreRows.bump(session, id);
    if (store.isEmpty()) {
      return new Attaching.NoStore();
    }
    long row = store.get().row();
    int there = VectorRows.counts(session, row).counts().total();
    if (there + files.size() > VectorCatalog.MOST_FILES) {
      return new Attaching.TooMany(VectorCatalog.MOST_FILES);
    }
    Map<String, String> holders = new HashMap<>();
    for (Fresh file : files) {
      String holder = holders.get(file.sha256());
      holder = holder == null ? holder(session, row, file.sha256()) : holder;
      if (holder != null && !skip) {
        return new Attaching.Duplicate(file.fileId(), holder);
      }
      holders.put(file.sha256(), holder == null ? file.fileId() : holder);
    }
    if (batch != null) {
      session.update(ADD_BATCH, row, batch);
    }
    Adding adding = new Adding(session, store.get(), batch == null ? "" : batch, holders);
    for (Fresh file : files) {
      adding.add(file);
    }
    List<AttachedFile> added = new ArrayList<>();
    for (String fileId : adding.ids) {
      added.add(session.first(VectorRows::file, FIND, row, fileId).orElseThrow());
    }
    return new Attaching.Attached(added);
  }

  private static @Nullable String holder(Session session, long row, String sha256)
      throws SQLException {
    return session.first(found -> found.getString(1), HOLDER, row, sha256).orElse(null);
  }

  /** Puts one file after the other in. */
  private record Adding(
      Session session,
      VectorStoreRows.Bumped store,
      String batch,
      Map<String, String> holders,
      List<String> ids) {

    Adding(
        Session session, VectorStoreRows.Bumped store, String batch, Map<String, String> holders) {
      this(session, store, batch, holders, new ArrayList<>());
    }

    void add(Fresh file) throws SQLException {
      String holder = holders.getOrDefault(file.sha256(), file.fileId());
      boolean duplicate = !holder.equals(file.fileId());
      var undone = session.first(row -> row.getLong(1), DROP_UNDONE, store.row(), file.fileId());
      if (undone.isPresent()) {
        session.update(DROP_CHUNKS, undone.get());
      } else if (there(file.fileId())) {
        // It is in, or goes in with this call: there is nothing to be said twice.
        return;
      }
      session.update(
          ADD,
          store.row(),
          file.owner().tenant(),
          Columns.endUser(file.owner()),
          file.fileId(),
          batch,
          (duplicate ? Status.CANCELLED : Status.IN_PROGRESS).wire(),
          duplicate ? Code.DUPLICATE_FILE.wire() : null,
          duplicate ? "The store has this content already, as " + holder + "." : null,
          file.filename(),
          file.sha256(),
          file.chunking().auto(),
          file.chunking().maxTokens(),
          file.chunking().overlapTokens(),
          Json.bytes(file.attributes()),
          store.version());
      ids.add(file.fileId());
    }

    private boolean there(String fileId) throws SQLException {
      return session.first(VectorRows::file, FIND, store.row(), fileId).isPresent();
    }
  }

  public static Optional<AttachedFile> find(Session session, VectorStoreId id, String fileId)
      throws SQLException {
    Optional<Long> row = row(session, id);
    return row.isEmpty()
        ? Optional.empty()
        : session.first(VectorRows::file, FIND, row.get(), fileId);
  }

  private static Optional<Long> row(Session session, VectorStoreId id) throws SQLException {
    return session.first(row -> row.getLong(1), STORE_ROW, VectorRows.key(id));
  }

  public static Optional<Page<AttachedFile>> list(
      Session session,
      VectorStoreId id,
      @Nullable String batch,
      @Nullable Status status,
      PageRequest page)
      throws SQLException {
    Optional<Long> row = row(session, id);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    String only = batch == null ? "" : batch;
    String state = status == null ? "" : status.wire();
    return LIST.page(
        session, VectorRows::file, List.of(row.get()), page, List.of(only, only, state, state));
  }

  public static Optional<AttachedFile> setAttributes(
      Session session, VectorStoreId id, String fileId, Map<String, JsonNode> attributes)
      throws SQLException {
    var store = VectorStoreRows.bump(session, id);
    if (store.isEmpty()) {
      return Optional.empty();
    }
    long row = store.get().row();
    session.update(ATTRIBUTES, Json.bytes(attributes), store.get().version(), row, fileId);
    return session.first(VectorRows::file, FIND, row, fileId);
  }

  public static boolean detach(Session session, VectorStoreId id, String fileId)
      throws SQLException {
    var store = VectorStoreRows.bump(session, id);
    return store.isPresent() && bury(session, store.get(), fileId);
  }

  /** Takes everything out; gives how much that was. */
  static int buryAll(Session session, VectorStoreRows.Bumped store) throws SQLException {
    return session.update(DETACH_ALL, store.version(), Json.bytes(Map.of()), store.row());
  }

  static boolean bury(Session session, VectorStoreRows.Bumped store, String fileId)
      throws SQLException {
    byte[] nothing = Json.bytes(Map.of());
    return session.update(DETACH, store.version(), nothing, store.row(), fileId) > 0;
  }

  /** Takes a file out of every store that it is in. */
  public static void detachEverywhere(Session session, List<Object> fileKey) throws SQLException {
    String fileId = (String) fileKey.getLast();
    for (long row : session.list(found -> found.getLong(1), STORES_OF, fileKey)) {
      var store = VectorStoreRows.bump(session, row);
      if (store.isPresent()) {
        bury(session, store.get(), fileId);
      }
    }
  }

  public static Optional<FileBatch> findBatch(Session session, VectorStoreId id, String batch)
      throws SQLException {
    Optional<Long> row = row(session, id);
    return row.isEmpty() ? Optional.empty() : batch(session, id, row.get(), batch);
  }

  private static Optional<FileBatch> batch(
      Session session, VectorStoreId id, long row, String batch) throws SQLException {
    var counts = VectorRows.counts(session, row, batch).counts();
    return session.first(
        found -> new FileBatch(id, batch, found.getLong(1), found.getBoolean(2), counts),
        FIND_BATCH,
        row,
        batch);
  }

  public static Optional<FileBatch> cancelBatch(Session session, VectorStoreId id, String batch)
      throws SQLException {
    var store = VectorStoreRows.bump(session, id);
    if (store.isEmpty()) {
      return Optional.empty();
    }
    long row = store.get().row();
    if (session.update(CANCEL_FILES, store.get().version(), row, batch) > 0) {
      // What is over already was not cancelled.
      session.update(CANCEL_BATCH, row, batch);
    }
    return batch(session, id, row, batch);
  }

  public static Changes changes(Session session, long storeRow, long after, int limit)
      throws SQLException {
    List<AttachedFile> found = session.list(VectorRows::file, CHANGES, storeRow, after, limit + 1);
    boolean more = found.size() > limit;
    return new Changes(more ? found.subList(0, limit) : found, more);
  }
}
