package antiphon.http.resource;

import antiphon.core.api.EncodedEvent;
import antiphon.core.api.EventReader;
import antiphon.http.route.Call;
import antiphon.http.wire.Exchange;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Sends a response's events as server-sent events. */
final class EventStream {

  private static final CharSequence TYPE = HttpHeaders.createOptimized("text/event-stream");
  private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
  private static final CharSequence BUFFERING = HttpHeaders.createOptimized("x-accel-buffering");
  private static final CharSequence NO = HttpHeaders.createOptimized("no");

  private static final byte[] KEEP_ALIVE = ascii(": keep-alive\n\n");
  private static final byte[] DONE = ascii("data: [DONE]\n\n");
  private static final byte[] NOTHING = {};
  private static final byte[] END = ascii("\n\n");

  /** How long the head waits for company; after this it goes out with a comment. */
  private static final Duration FIRST = Duration.ofMillis(20);

  /** The lines before an event's JSON, by its type; our own code makes the types, some seventy. */
  private final ConcurrentHashMap<String, byte[]> heads = new ConcurrentHashMap<>();

  private final Duration heartbeat;

  /**
   * @param heartbeat the longest silence
   */
  EventStream(Duration heartbeat) {
    this.heartbeat = heartbeat;
  }

  /**
   * Sends all events there are and will be, then ends the answer.
   *
   * @param events is closed at the end
   * @param whenGone called at once when the client leaves, and in any case but the proper end; must
   *     not block
   */
  void serve(Call call, EventReader events, Runnable whenGone) throws InterruptedException {
    Exchange exchange = call.exchange();
    Thread me = Thread.currentThread();
    boolean whole = false;
    try (events) {
      exchange.onGone(() -> {
        whenGone.run();
        me.interrupt();
      });
      send(call, events);
      whole = true;
    } finally {
      exchange.onGone(() -> {});
      if (!whole) {
        whenGone.run();
      }
    }
  }

  private void send(Call call, EventReader events) throws InterruptedException {
    Exchange exchange = call.exchange();
    List<EncodedEvent> batch = events.next(FIRST);
    exchange.setHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE);
    exchange.setHeader(BUFFERING, NO);
    exchange.open(200, TYPE);
    while (batch != null) {
      exchange.write(batch.isEmpty() ? KEEP_ALIVE : encode(batch));
      batch = events.next(heartbeat);
    }
    exchange.finish(call.mount().sentinel() ? DONE : NOTHING);
  }

  private byte[] encode(List<EncodedEvent> batch) {
    int length = 0;
    for (EncodedEvent event : batch) {
      length += head(event.type()).length + event.json().length + END.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length);
    for (EncodedEvent event : batch) {
      out.writeBytes(head(event.type()));
      out.writeBytes(event.json());
      out.writeBytes(END);
    }
    return out.toByteArray();
  }

  private byte[] head(String type) {
    byte @Nullable [] known = heads.get(type);
    return known != null
        ? known
        : heads.computeIfAbsent(type, name -> ascii("event: " + name + "\ndata: "));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
