package antiphon.store.sql.response;

import antiphon.store.sql.jdbc.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The whole log of a row, from number 0, inside a transaction. Some chunks are read at a time, so
 * that it need not fit the memory.
 */
public final class WholeLog implements Iterable<byte[]> {

  /** So much is read at once, in bytes as they are kept; a larger chunk comes alone. */
  private static final long PORTION = 256 * 1024;

  private static final String SIZES =
      "SELECT first_sequence, octet_length(events) FROM events WHERE row_id = ?"
          + " ORDER BY first_sequence";

  private static final String CHUNKS =
      "SELECT events FROM events WHERE row_id = ? AND first_sequence BETWEEN ? AND ?"
          + " ORDER BY first_sequence";

  private final Session session;
  private final long rowId;

  WholeLog(Session session, long rowId) {
    this.session = session;
    this.rowId = rowId;
  }

  /** A chunk that is not read yet. */
  private record Size(long first, long bytes) {
    static Size of(ResultSet row) throws SQLException {
      return new Size(row.getLong(1), row.getLong(2));
    }
  }

  @Override
  public Iterator<byte[]> iterator() {
    try {
      return new Events(session.list(Size::of, SIZES, rowId));
    } catch (SQLException e) {
      throw new Unread(e);
    }
  }

  /** It could not be read. */
  static final class Unread extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SQLException fault;

    Unread(SQLException fault) {
      super(fault);
      this.fault = fault;
    }

    SQLException fault() {
      return fault;
    }
  }

  private final class Events implements Iterator<byte[]> {
    private final List<Size> sizes;
    private int next;
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private final Deque<byte[]> events = new ArrayDeque<>();

    private Events(List<Size> sizes) {
      this.sizes = sizes;
    }

    @Override
    public boolean hasNext() {
      return !events.isEmpty() || !chunks.isEmpty() || next < sizes.size();
    }

    @Override
    public byte[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (events.isEmpty()) {
        if (chunks.isEmpty()) {
          read();
        }
        events.addAll(Chunk.split(chunks.remove()));
      }
      return events.remove();
    }

    private void read() {
      Size first = sizes.get(next);
      Size last = first;
      long bytes = 0;
      do {
        last = sizes.get(next++);
        bytes += last.bytes;
      } while (next < sizes.size() && bytes + sizes.get(next).bytes <= PORTION);
      try {
        chunks.addAll(session.list(row -> row.getBytes(1), CHUNKS, rowId, first.first, last.first));
      } catch (SQLException e) {
        throw new Unread(e);
      }
    }
  }
}
