package antiphon.engines.upstream;

import java.io.IOException;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events (WHATWG HTML, 9.2), one at a time. Ids and retry times mean nothing
 * here; a last event without its empty line counts, as some engines leave it out.
 */
public final class EventStream {

  /** A longer line, or an event of more data, is no event of any engine. */
  public static final long MAX_LINE = 8L << 20;

  private static final ByteString LINE_END = ByteString.encodeUtf8("\n");

  private final BufferedSource source;
  private final long maxBytes;
  private long bytes;

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
    long end = source.indexOf(LINE_END.getByte(0), 0, MAX_LINE);
    if (end < 0 && source.getBuffer().size() >= MAX_LINE) {
      throw new Nonsense("sent a line of more than " + (MAX_LINE >> 20) + " MB");
    }
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
      source.skip(1);
    }
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
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
