package antiphon.engines.upstream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import okhttp3.Response;
import okio.BufferedSource;

/** An engine's answer while it comes in. */
public final class Exchange {

  private static final int MOST_SPACES = 1024;

  private final Response response;
  private final Watchdog.Watch watch;
  private final Limits limits;
  private final Faults faults;

  Exchange(Response response, Watchdog.Watch watch, Limits limits, Faults faults) {
    this.response = response;
    this.watch = watch;
    this.limits = limits;
    this.faults = faults;
  }

  /** What the answer is: by its media type, or by how it begins where that is not plain. */
  public Form form() throws IOException {
    String type = contentType();
    if (type.startsWith("text/event-stream")) {
      return Form.STREAM;
    }
    if (type.startsWith("text/html")) {
      return Form.NEITHER;
    }
    return switch (first()) {
      case '{' -> Form.JSON;
      // Of an event: data, event, id, retry, error, a comment, or a byte order mark.
      case 'd', 'e', 'i', 'r', ':', 0xef -> Form.STREAM;
      case -1 -> type.isEmpty() ? Form.STREAM : Form.NEITHER;
      default -> type.startsWith("application/json") ? Form.JSON : Form.NEITHER;
    };
  }

  /** The first byte that is no space; below 0 if there is none. */
  private int first() throws IOException {
    BufferedSource source = response.body().source();
    for (long i = 0; i < MOST_SPACES && source.request(i + 1); i++) {
      int first = source.getBuffer().getByte(i) & 0xff;
      if (first != ' ' && first != '\n' && first != '\r' && first != '\t') {
        return first;
      }
    }
    return -1;
  }

  /** The media type, lower-case; empty if the engine gave none. */
  public String contentType() {
    String type = response.header("Content-Type");
    return type == null ? "" : type.toLowerCase(Locale.ROOT).strip();
  }

  /** The answer's events. */
  public EventStream events() {
    return new EventStream(response.body().source(), limits.turnBytes());
  }

  /** The whole answer. */
  public byte[] all() throws IOException, EventStream.Nonsense {
    BufferedSource source = response.body().source();
    if (source.request(EventStream.MAX_LINE * 4 + 1)) {
      throw new EventStream.Nonsense("sent an answer of more than 32 MB");
    }
    return source.readByteArray();
  }

  /** A token has come: the limit between tokens begins anew. */
  public void token() {
    watch.token();
  }

  /** Says what is wrong with the engine's answer. */
  public Faults faults() {
    return faults;
  }

  /** The beginning of an error's body. */
  String beginning() throws IOException {
    BufferedSource source = response.body().source();
    source.request(64 << 10);
    byte[] bytes = source.readByteArray(Math.min(64 << 10, source.getBuffer().size()));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The two forms of an answer. */
  public enum Form {
    STREAM,
    JSON,
    /** A page, say. */
    NEITHER
  }
}
