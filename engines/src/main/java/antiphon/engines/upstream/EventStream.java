package antiphon.engines.upstream;

import java.io.IOException;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events (WHATWG HTML, 9.2), one at a time. Ids and retry times mean nothing
 * here; a last event without its empty line counts, as some engines leave it out. A field {@code
 * error}, which llama.cpp's server has sent, is an event of that name.
 */
public final class EventStream {

  /** A longer line, or an event of more data, is no event of any engine. */
  public static final long MAX_LINE = 8L << 20;

  /** The name of an event that is an error, whatever its data looks like. */
  public static final String ERROR = "error";

  private static final ByteString LINE_ENDS = ByteString.encodeUtf8("\n\r");
  private static final ByteString BYTE_ORDER_MARK = ByteString.decodeHex("efbbbf");
  private static final byte LF = '\n';
  private static final byte CR = '\r';

  private final BufferedSource source;
  private final long maxBytes;
  private long bytes;
  private boolean begun;
  private boolean afterCr;

  /**
   * @param maxBytes of the whole stream
   */
  EventStream(BufferedSource source, long maxBytes) {
    this.source = source;
    this.maxBytes = maxBytes;
  }

  /**
   * The next event.
   *
   * @return null at the end of the stream
   * @throws IOException if the connection breaks
   * @throws Nonsense if a line, or the stream, is longer than any engine's
   */
  public @Nullable Event next() throws IOException, Nonsense {
    StringBuilder data = null;
    String name = "";
    while (true) {
      String line = line();
      if (line == null || line.isEmpty()) {
        if (data != null) {
          return new Event(name, data.toString());
        }
        if (line == null) {
          return null;
        }
        name = "";
      } else if (line.startsWith("data:")) {
        data = append(data, value(line, 5));
      } else if (line.startsWith("event:")) {
        name = value(line, 6);
      } else if (line.startsWith("error:")) {
        name = ERROR;
        data = append(data, value(line, 6));
      }
    }
  }

  private static StringBuilder append(@Nullable StringBuilder data, String more) throws Nonsense {
    if (data == null) {
      return new StringBuilder(more);
    }
    if (data.length() + more.length() > MAX_LINE) {
      throw new Nonsense("sent an event of more than " + (MAX_LINE >> 20) + " MB");
    }
    return data.append('\n').append(more);
  }

  private static String value(String line, int from) {
    boolean space = line.length() > from && line.charAt(from) == ' ';
    return line.substring(space ? from + 1 : from);
  }

  private @Nullable String line() throws IOException, Nonsense {
    begin();
    long end = lineEnd();
    long length = end < 0 ? source.getBuffer().size() : end;
    if (end < 0 && length == 0) {
      return null;
    }
    bytes += length;
    if (bytes > maxBytes) {
      throw new Nonsense("sent more than " + (maxBytes >> 20) + " MB without an end");
    }
    String line = source.readUtf8(length);
    if (end >= 0) {
      afterCr = source.readByte() == CR;
    }
    return line;
  }

  /** Passes over a byte order mark, and over what still belongs to the line end before. */
  private void begin() throws IOException {
    if (!begun) {
      begun = true;
      if (source.rangeEquals(0, BYTE_ORDER_MARK)) {
        source.skip(BYTE_ORDER_MARK.size());
      }
    }
    // Only now: after a CR alone nothing may come for a long time.
    if (afterCr && source.request(1) && source.getBuffer().getByte(0) == LF) {
      source.skip(1);
    }
    afterCr = false;
  }

  /** Where the line ends; below 0 if the stream ends before. */
  private long lineEnd() throws IOException, Nonsense {
    long from = 0;
    while (true) {
      long end = source.getBuffer().indexOfElement(LINE_ENDS, from);
      if (end >= 0) {
        return end;
      }
      from = source.getBuffer().size();
      if (from >= MAX_LINE) {
        throw new Nonsense("sent a line of more than " + (MAX_LINE >> 20) + " MB");
      }
      if (!source.request(from + 1)) {
        return -1;
      }
    }
  }

  /**
   * One event.
   *
   * @param name the {@code event} field, empty if there is none
   */
  public record Event(String name, String data) {}

  /** The engine sends what no engine sends. */
  public static final class Nonsense extends Exception {

    private static final long serialVersionUID = 1L;

    private final String what;

    /**
     * @param what goes on "The engine … "
     */
    public Nonsense(String what) {
      super(what);
      this.what = what;
    }

    /** What it did; goes on "The engine … ". */
    public String what() {
      return what;
    }
  }
}
