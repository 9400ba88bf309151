package antiphon.engines.upstream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import okhttp3.Response;
import okio.BufferedSource;

/** An engine's answer while it comes in. */
public final class Exchange {

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

  /** Whether the answer is an event stream; else it is one piece of JSON. */
  public boolean streams() {
    return contentType().isEmpty() || contentType().startsWith("text/event-stream");
  }

  /** Whether the answer is one piece of JSON. */
  public boolean isJson() {
    return contentType().startsWith("application/json");
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
}
