package antiphon.store.sql.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies that are known by their row's number, a few at a time, so that no more is in memory
 * than about a portion that is still packed, however much there is.
 */
public final class Portions {

  /** So many bytes are asked for at once, as they are kept; a larger body comes alone. */
  private static final long PORTION = 256 * 1024;

  public static final int MOST_ROWS = 100;

  /**
   * A row and how large its body is as it is kept.
   *
   * @param rowId its number
   * @param bytes packed
   */
  public record Size(long rowId, long bytes) {
    public static Size of(ResultSet row) throws SQLException {
      return new Size(row.getLong(1), row.getLong(2));
    }
  }

  /** Takes what was read; false if it wants no more. */
  public interface Taker<T> {
    boolean take(T body);
  }

  /**
   * Reads.
   *
   * @param sql selects the row's number first; takes the list of row numbers in place of {@code
   *     ${rows}}
   * @param sizes in which order they are wanted; one that is gone is passed over
   */
  public static <T> void read(
      Session session, String sql, Session.RowMapper<T> mapper, List<Size> sizes, Taker<T> taker)
      throws SQLException {
    int next = 0;
    while (next < sizes.size()) {
      int end = end(sizes, next);
      Map<Long, T> found = rows(session, sql, mapper, sizes.subList(next, end));
      for (Size size : sizes.subList(next, end)) {
        T body = found.remove(size.rowId);
        if (body != null && !taker.take(body)) {
          return;
        }
      }
      next = end;
    }
  }

  private static int end(List<Size> sizes, int from) {
    long bytes = sizes.get(from).bytes;
    int end = from + 1;
    while (end < sizes.size()
        && end - from < MOST_ROWS
        && bytes + sizes.get(end).bytes <= PORTION) {
      bytes += sizes.get(end).bytes;
      end++;
    }
    return end;
  }

  private static <T> Map<Long, T> rows(
      Session session, String sql, Session.RowMapper<T> mapper, List<Size> sizes)
      throws SQLException {
    Map<Long, T> found = new HashMap<>();
    each(
        session,
        sql,
        row -> found.put(row.getLong(1), mapper.map(row)),
        sizes.stream().map(Size::rowId).toList());
    return found;
  }

  /**
   * Reads what there is of some rows, in the order of the statement.
   *
   * @param rowIds at most {@link #MOST_ROWS}, and one at least
   */
  public static void each(
      Session session, String sql, Session.RowMapper<?> mapper, List<Long> rowIds)
      throws SQLException {
    List<@Nullable Object> ids = new ArrayList<>(rowIds);
    // So that there are few different statements.
    int places = Integer.highestOneBit(Math.max(1, ids.size() * 2 - 1));
    while (ids.size() < places) {
      ids.add(ids.getFirst());
    }
    String places1 = String.join(", ", Collections.nCopies(places, "?"));
    session.list(mapper, sql.replace("${rows}", places1), ids);
  }

  private Portions() {}
}
