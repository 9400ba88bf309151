package antiphon.store.sql.response;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Entries;
import antiphon.store.sql.jdbc.Packed;
import antiphon.store.sql.jdbc.Portions;
import antiphon.store.sql.jdbc.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The inner logs of responses: what a run has to know of the runs before it. */
public final class InnerLogs {

  /** Written again, an entry is what it was: one run at a time gives the numbers. */
  private static final String INSERT =
      "INSERT INTO entries (row_id, number, entry) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";

  private static final String NEXT =
      "INSERT INTO entries (row_id, number, entry) SELECT ?, coalesce(max(e.number), -1) + 1, ?"
          + " FROM entries e WHERE e.row_id = ?";

  private static final String ALL = "SELECT entry FROM entries WHERE row_id = ? ORDER BY number";

  private static final String OF =
      "SELECT e.entry FROM responses r JOIN entries e ON e.row_id = r.row_id WHERE "
          + Rows.IS_THIS
          + " ORDER BY e.number";

  private static final String OF_SEVERAL =
      "SELECT e.row_id, e.entry FROM entries e WHERE e.row_id IN (${rows}) ORDER BY e.row_id,"
          + " e.number";

  private InnerLogs() {}

  static void insert(Session session, long rowId, Entries entries) throws SQLException {
    int number = entries.first();
    for (byte[] entry : entries.json()) {
      session.update(INSERT, rowId, number++, Packed.of(entry));
    }
  }

  /** Adds one behind the last, whoever has written that. */
  static void add(Session session, long rowId, byte[] entry) throws SQLException {
    session.update(NEXT, rowId, Packed.of(entry), rowId);
  }

  static List<byte[]> all(Session session, long rowId) throws SQLException {
    return session.list(InnerLogs::first, ALL, rowId);
  }

  public static List<byte[]> of(Session session, ResponseId id) throws SQLException {
    return session.list(InnerLogs::first, OF, Rows.key(id));
  }

  private static byte[] first(ResultSet row) throws SQLException {
    return Packed.unpack(row.getBytes(1));
  }

  /** Those of several rows, still packed, by row; rows that have none are not in it. */
  static Map<Long, List<byte[]>> packed(Session session, List<Long> rowIds) throws SQLException {
    Map<Long, List<byte[]>> found = new HashMap<>();
    for (int from = 0; from < rowIds.size(); from += Portions.MOST_ROWS) {
      List<Long> some = rowIds.subList(from, Math.min(rowIds.size(), from + Portions.MOST_ROWS));
      Portions.each(
          session,
          OF_SEVERAL,
          row -> found.computeIfAbsent(row.getLong(1), _ -> new ArrayList<>()).add(row.getBytes(2)),
          some);
    }
    return found;
  }
}
