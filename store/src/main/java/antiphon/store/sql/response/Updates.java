package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.StoredResponse;
import antiphon.store.sql.commit.Write;
import antiphon.store.sql.jdbc.Packed;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Changes that do not move a response: metadata, deletion, the wish that it be cancelled. */
public final class Updates {

  private static final String NEXT_METADATA =
      "UPDATE responses SET metadata_version = metadata_version + 1 WHERE row_id = ?";

  private static final String KEEP_METADATA =
      "UPDATE bodies SET metadata = ?, snapshot = ? WHERE row_id = ?";

  private static final String DELETE =
      "UPDATE responses AS r SET deleted_at = ${now}, purge = 2 WHERE "
          + Rows.IS_THIS
          + " AND r.status IN ('completed', 'incomplete', 'failed', 'cancelled')";

  private static final String REQUEST_CANCEL =
      "UPDATE responses AS r SET cancel_requested = TRUE WHERE "
          + Rows.IS_THIS
          + " AND r.status = 'in_progress' AND NOT r.background";

  private Updates() {}

  public static Optional<StoredResponse> metadata(
      Session session, ResponseId id, byte[] metadata, Function<byte[], byte[]> rewrite)
      throws SQLException {
    Optional<Rows.Row> found = Rows.lock(session, id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    long rowId = found.get().rowId();
    byte[] snapshot = found.get().response().snapshot();
    session.update(NEXT_METADATA, rowId);
    session.update(
        KEEP_METADATA,
        metadata,
        snapshot == null ? null : Packed.of(rewrite.apply(snapshot)),
        rowId);
    return Rows.find(session, id).map(Rows.Row::response);
  }

  /** Executed again, it stands by what it has done. */
  public static Write<Boolean> delete(ResponseId id) {
    var deleted = new AtomicBoolean();
    return session -> {
      if (session.update(DELETE, Rows.key(id)) > 0) {
        deleted.set(true);
      }
      return deleted.get();
    };
  }

  public static boolean requestCancel(Session session, ResponseId id) throws SQLException {
    return session.update(REQUEST_CANCEL, Rows.key(id)) > 0;
  }
}
