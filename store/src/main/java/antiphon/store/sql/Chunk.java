package antiphon.store.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Several events as one value: lines of JSON, parted by line feeds. */
final class Chunk {

  private static final byte SEPARATOR = '\n';

  private Chunk() {}

  /**
   * Joins events.
   *
   * @throws IllegalArgumentException if one of them is empty or has a line feed
   */
  static byte[] join(List<byte[]> events) {
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

  /** Adds the events of a chunk to a list, without the first {@code skip} ones. */
  static void split(byte[] joined, long skip, List<byte[]> events) {
    long number = 0;
    int start = 0;
    for (int at = 0; at <= joined.length; at++) {
      if (at == joined.length || joined[at] == SEPARATOR) {
        if (number >= skip) {
          events.add(Arrays.copyOfRange(joined, start, at));
        }
        number++;
        start = at + 1;
      }
    }
  }

  /** All events of a chunk. */
  static List<byte[]> split(byte[] joined) {
    List<byte[]> events = new ArrayList<>();
    split(joined, 0, events);
    return events;
  }

  static long bytes(List<byte[]> events) {
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
