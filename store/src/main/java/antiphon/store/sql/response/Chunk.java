package antiphon.store.sql.response;

import antiphon.store.sql.jdbc.Packed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Several events as one value: lines of JSON, parted by line feeds, {@link Packed}. */
public final class Chunk {

  private static final byte SEPARATOR = '\n';

  private Chunk() {}

  /**
   * Joins events.
   *
   * @throws IllegalArgumentException if one of them is empty or has a line feed, or the first
   *     begins with a zero byte
   */
  static byte[] join(List<byte[]> events) {
    return Packed.of(lines(events));
  }

  private static byte[] lines(List<byte[]> events) {
    int length = events.size() - 1;
    for (byte[] event : events) {
      check(event);
      length += event.length;
    }
    byte[] joined = new byte[length];
    int at = 0;
    for (byte[] event : events) {
      if (at > 0) {
        joined[at++] = SEPARATOR;
      }
      System.arraycopy(event, 0, joined, at, event.length);
      at += event.length;
    }
    return joined;
  }

  /**
   * Adds the events of a chunk to a list, without the first {@code skip} ones.
   *
   * @throws antiphon.core.store.StoreException if it is damaged
   */
  static void split(byte[] chunk, long skip, List<byte[]> events) {
    split(chunk, skip, Long.MAX_VALUE, events);
  }

  /**
   * The same, until what was added is as large as may be.
   *
   * @param maxBytes the event that reaches it is the last
   * @return how many bytes were added
   */
  static long split(byte[] chunk, long skip, long maxBytes, List<byte[]> events) {
    byte[] joined = Packed.unpack(chunk);
    long number = 0;
    long bytes = 0;
    int start = 0;
    for (int at = 0; at <= joined.length && bytes < maxBytes; at++) {
      if (at == joined.length || joined[at] == SEPARATOR) {
        if (number >= skip) {
          events.add(Arrays.copyOfRange(joined, start, at));
          bytes += at - start;
        }
        number++;
        start = at + 1;
      }
    }
    return bytes;
  }

  /** All events of a chunk. */
  static List<byte[]> split(byte[] chunk) {
    List<byte[]> events = new ArrayList<>();
    split(chunk, 0, events);
    return events;
  }

  /** Whether it has these events, and no others. */
  static boolean has(byte[] chunk, List<byte[]> events) {
    return Arrays.deepEquals(split(chunk).toArray(), events.toArray());
  }

  public static long bytes(List<byte[]> events) {
    long sum = 0;
    for (byte[] event : events) {
      sum += event.length;
    }
    return sum;
  }

  private static void check(byte[] event) {
    if (event.length == 0) {
      throw new IllegalArgumentException("an event is empty");
    }
    for (byte b : event) {
      if (b == SEPARATOR) {
        throw new IllegalArgumentException("an event has more than one line");
      }
    }
  }
}
