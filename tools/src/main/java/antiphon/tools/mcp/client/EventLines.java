package antiphon.tools.mcp.client;

import antiphon.tools.mcp.client.McpException.Kind;
import java.io.IOException;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events (WHATWG HTML, 9.2), one at a time, within limits. */
final class EventLines {

  private static final ByteString LINE_ENDS = ByteString.encodeUtf8("\n\r");

  private final BufferedSource source;
  private final long maxEvent;
  private long left;
  private boolean afterCr;
  private @Nullable String lastId;
  private long retryMillis = -1;

  /**
   * @param maxEvent bytes of one event
   * @param maxBytes of the whole stream
   */
  EventLines(BufferedSource source, long maxEvent, long maxBytes) {
    this.source = source;
    this.maxEvent = maxEvent;
    this.left = maxBytes;
  }

  /**
   * One event.
   *
   * @param name empty if it has none
   */
  record Event(String name, String data) {}

  /** The last id that an event had; null if none had. */
  @Nullable String lastId() {
    return lastId;
  }

  /** When the server wants to be asked again, in milliseconds; below 0 if it has not said. */
  long retryMillis() {
    return retryMillis;
  }

  /**
   * The next event; what has no data is passed over.
   *
   * @return null at the end of the stream
   * @throws McpException if it is larger than allowed
   */
  @Nullable Event next() throws IOException, McpException {
    StringBuilder data = null;
    String name = "";
    while (true) {
      String line = line();
      if (line == null || line.isEmpty()) {
        if (data != null && !data.isEmpty()) {
          return new Event(name, data.toString());
        }
        if (line == null) {
          return null;
        }
        data = null;
        name = "";
      } else if (line.startsWith("data")) {
        data = data == null ? new StringBuilder() : data.append('\n');
        data.append(value(line, "data"));
        if (data.length() > maxEvent) {
          throw tooMuch(maxEvent);
        }
      } else if (line.startsWith("event")) {
        name = value(line, "event");
      } else if (line.startsWith("id")) {
        lastId = value(line, "id");
      } else if (line.startsWith("retry")) {
        retry(value(line, "retry"));
      }
    }
  }

  private void retry(String value) {
    if (value.length() < 8
        && value.chars().allMatch(c -> c >= '0' && c <= '9')
        && !value.isEmpty()) {
      retryMillis = Long.parseLong(value);
    }
  }

  private static String value(String line, String field) {
    String rest = line.substring(field.length());
    if (rest.isEmpty() || rest.charAt(0) != ':') {
      return "";
    }
    return rest.startsWith(": ") ? rest.substring(2) : rest.substring(1);
  }

  private @Nullable String line() throws IOException, McpException {
    if (afterCr && source.request(1) && source.getBuffer().getByte(0) == '\n') {
      source.skip(1);
    }
    afterCr = false;
    long end = lineEnd();
    long length = end < 0 ? source.getBuffer().size() : end;
    if (end < 0 && length == 0) {
      return null;
    }
    left -= length + 1;
    if (left < 0) {
      throw new McpException(Kind.NONSENSE, "The server sent more than an answer may have.");
    }
    String line = source.readUtf8(length);
    if (end >= 0) {
      afterCr = source.readByte() == '\r';
    }
    return line;
  }

  /** Where the line ends; below 0 if the stream ends before. */
  private long lineEnd() throws IOException, McpException {
    long from = 0;
    while (true) {
      long end = source.getBuffer().indexOfElement(LINE_ENDS, from);
      if (end >= 0) {
        return end;
      }
      from = source.getBuffer().size();
      if (from >= maxEvent) {
        throw tooMuch(maxEvent);
      }
      if (!source.request(from + 1)) {
        return -1;
      }
    }
  }

  static McpException tooMuch(long limit) {
    return new McpException(
        Kind.NONSENSE, "The server sent a message of more than " + (limit >> 10) + " KB.");
  }
}
