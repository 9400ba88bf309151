package antiphon.store.sql;

import antiphon.core.store.NewResponse;
import java.sql.SQLException;
import java.util.List;

/** New responses. */
final class Inserts {

  private static final String INSERT_ROW =
      """
      INSERT INTO responses (tenant, end_user, id, status, background, epoch, node, lease_until,
        tier_rank, model, previous, next_sequence, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, CASE WHEN ? THEN NULL ELSE ${now} + ? END, ?, ?, ?, ?, ?)
      RETURNING row_id
      """;

  private static final String INSERT_BODY =
      "INSERT INTO bodies (row_id, request, input, metadata) VALUES (?, ?, ?, ?)";

  private static final String INSERT_EVENTS =
      "INSERT INTO events (row_id, first_sequence, count, events) VALUES (?, ?, ?, ?)";

  private Inserts() {}

  static long weight(NewResponse response) {
    return response.request().length + response.input().length + Chunk.bytes(response.events());
  }

  static boolean insert(Session session, NewResponse response) throws SQLException {
    boolean background = response.background();
    long rowId =
        session
            .first(
                row -> row.getLong(1),
                INSERT_ROW,
                Rows.key(response.id()),
                background ? "queued" : "in_progress",
                background,
                background ? 0L : 1L,
                background ? "" : response.node(),
                background,
                response.lease().toMillis(),
                Rows.rank(response.tier()),
                response.model(),
                response.previous(),
                (long) response.events().size(),
                response.createdAt())
            .orElseThrow();
    session.update(INSERT_BODY, rowId, response.request(), response.input(), response.metadata());
    insertEvents(session, rowId, 0, response.events());
    return true;
  }

  static void insertEvents(Session session, long rowId, long first, List<byte[]> events)
      throws SQLException {
    if (!events.isEmpty()) {
      session.update(INSERT_EVENTS, rowId, first, events.size(), Chunk.join(events));
    }
  }
}
