package antiphon.http.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of a body as they come, in pieces: nothing is copied to make room for more once a body
 * is long, and nothing so large is asked of the heap that the collector has to stop for it. Memory
 * is taken for what has come, never for what was announced. Used by the connection's loop, and when
 * all have come by the request's thread.
 */
public final class BodyBytes {

  /** Small enough not to be a large object for any collector. */
  private static final int PIECE = 256 * 1024;

  private static final byte[] NONE = new byte[0];

  private final BodyBudget.Share share;
  private final List<byte[]> full = new ArrayList<>();
  private byte[] last = NONE;
  private int inLast;
  private int length;

  BodyBytes(BodyBudget.Share share) {
    this.share = share;
  }

  /** How many have come. */
  public int length() {
    return length;
  }

  /**
   * Adds what has come.
   *
   * @param most how many more can come at the most, these included
   * @return false if all bodies together have too many
   */
  boolean add(Buffer data, long most) {
    int at = 0;
    long left = most;
    while (at < data.length()) {
      int more = Math.min(data.length() - at, PIECE - inLast);
      if (last.length < inLast + more && !grow(inLast + more, left)) {
        return false;
      }
      data.getBytes(at, at + more, last, inLast);
      inLast += more;
      length += more;
      at += more;
      left -= more;
      if (inLast == PIECE) {
        full.add(last);
        last = NONE;
        inLast = 0;
      }
    }
    return true;
  }

  /** Makes room in the last piece, twice as much as before so that it is not copied often. */
  private boolean grow(int needed, long left) {
    long useful = Math.min(PIECE, inLast + left);
    int size = (int) Math.max(needed, Math.min(useful, full.isEmpty() ? 2L * last.length : PIECE));
    if (!share.take(size - last.length)) {
      return false;
    }
    last = Arrays.copyOf(last, size);
    return true;
  }

  /** All of them in one piece; to be called once: here they are forgotten. */
  public byte[] join() {
    if (full.isEmpty()) {
      byte[] only = last.length == inLast ? last : Arrays.copyOf(last, inLast);
      clear();
      return only;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] piece : full) {
      System.arraycopy(piece, 0, all, at, PIECE);
      at += PIECE;
    }
    System.arraycopy(last, 0, all, at, inLast);
    clear();
    return all;
  }

  /** Nobody wants them. */
  void clear() {
    full.clear();
    last = NONE;
    inLast = 0;
  }
}
