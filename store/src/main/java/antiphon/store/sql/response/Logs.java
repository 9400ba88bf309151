package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.LogPage;
import antiphon.core.store.LogPage.Rest;
import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reading logs. */
public final class Logs {

  /** Row and chunks in one statement, so that both are of one moment. */
  private static final String READ =
      """
      SELECT r.status, r.log_expired, r.next_sequence, e.first_sequence, e.events
      FROM responses r
      LEFT JOIN events e ON e.row_id = r.row_id AND NOT r.log_expired AND e.first_sequence >=
        (SELECT max(s.first_sequence) FROM events s
         WHERE s.row_id = r.row_id AND s.first_sequence <= ?)
        AND e.first_sequence < ?
      WHERE ${this}
      ORDER BY e.first_sequence
      """
          .replace("${this}", Rows.IS_THIS);

  private static final String INSERT =
      "INSERT INTO events (row_id, first_sequence, count, events) VALUES (?, ?, ?, ?)";

  private static final String TOLD =
      """
      UPDATE responses SET next_sequence = ?
      WHERE row_id = ? AND next_sequence = 0 AND NOT log_expired
        AND status IN ('completed', 'incomplete', 'failed', 'cancelled')
      """;

  /** The next number of an ended response whose log has not been told. */
  private static final long UNWRITTEN = 0;

  /** No log is as long: numbers that a client makes up do not overflow. */
  private static final long MOST = Long.MAX_VALUE / 2;

  /** How large a page may be; one event may be larger. */
  private static final long MOST_BYTES = 1024 * 1024;

  private record Found(
      boolean terminal, boolean expired, long next, long firstSequence, byte @Nullable [] chunk) {}

  private Logs() {}

  public static LogPage read(Session session, ResponseId id, long after, int limit)
      throws SQLException {
    long first = after < 0 ? 0 : Math.min(after, MOST) + 1;
    List<Found> found =
        session.list(
            row ->
                new Found(
                    Rows.status(row.getString(1)).isTerminal(),
                    row.getBoolean(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getBytes(5)),
            READ,
            first,
            first + Math.max(1, limit),
            Rows.key(id));
    if (found.isEmpty()) {
      return new LogPage(first, List.of(), Rest.NOTHING);
    }
    Found row = found.getFirst();
    if (row.expired()) {
      return new LogPage(first, List.of(), Rest.EXPIRED);
    }
    if (row.terminal() && row.next() == UNWRITTEN) {
      return new LogPage(first, List.of(), Rest.UNWRITTEN);
    }
    return page(found, first);
  }

  private static LogPage page(List<Found> found, long first) {
    List<byte[]> events = new ArrayList<>();
    long bytes = 0;
    for (Found chunk : found) {
      if (chunk.chunk() != null && bytes < MOST_BYTES) {
        long skip = Math.max(0, first - chunk.firstSequence());
        bytes += Chunk.split(chunk.chunk(), skip, MOST_BYTES - bytes, events);
      }
    }
    Found row = found.getFirst();
    boolean whole = first + events.size() >= row.next();
    return new LogPage(first, events, row.terminal() && whole ? Rest.NOTHING : Rest.MORE);
  }

  /** Writes events behind those that are there. */
  static void insert(Session session, long rowId, long first, List<byte[]> events)
      throws SQLException {
    if (!events.isEmpty()) {
      session.update(INSERT, rowId, first, events.size(), Chunk.join(events));
    }
  }

  /** Writes the whole log of an ended response that has none; whether it did. */
  public static boolean reconstruct(
      Session session, ResponseId id, Function<byte[], List<byte[]>> reconstruction)
      throws SQLException {
    Rows.Row row = Rows.lock(session, id).orElse(null);
    byte[] snapshot = row == null ? null : row.response().snapshot();
    if (row == null || snapshot == null) {
      return false;
    }
    List<byte[]> events = reconstruction.apply(snapshot);
    long rowId = row.rowId();
    if (session.update(TOLD, (long) events.size(), rowId) == 0) {
      return false;
    }
    insert(session, rowId, 0, events);
    return true;
  }
}
