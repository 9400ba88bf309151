package antiphon.http.resource;

import antiphon.core.api.EncodedEvent;
import antiphon.core.api.EventReader;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.http.route.Call;
import antiphon.http.wire.Exchange;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Sends a response's events as server-sent events. */
final class EventStream {

  private static final CharSequence TYPE = HttpHeaders.createOptimized("text/event-stream");
  private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
  private static final CharSequence BUFFERING = HttpHeaders.createOptimized("x-accel-buffering");
  private static final CharSequence NO = HttpHeaders.createOptimized("no");

  private static final byte[] KEEP_ALIVE = ascii(": keep-alive\n\n");
  private static final byte[] FAREWELL =
      ascii(": the server is stopping; go on with starting_after\nretry: 1000\n\n");
  private static final byte[] DONE = ascii("data: [DONE]\n\n");
  private static final byte[] NOTHING = {};
  private static final byte[] END = ascii("\n\n");

  /** How long the head waits for company; after this it goes out with a comment. */
  private static final Duration FIRST = Duration.ofMillis(20);

  /** The lines before an event's JSON, by its type; our own code makes the types, some seventy. */
  private final ConcurrentHashMap<String, byte[]> heads = new ConcurrentHashMap<>();

  private final Duration heartbeat;
  private final Set<Thread> resumable = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /**
   * @param heartbeat the longest silence
   */
  EventStream(Duration heartbeat) {
    this.heartbeat = heartbeat;
  }

  /**
   * Sends all events of a stored log that there are and will be, then ends the answer; earlier if
   * the server stops, for the client can go on at another node.
   *
   * @param events is closed at the end
   */
  void serveLog(Call call, EventReader events) throws InterruptedException {
    Thread me = Thread.currentThread();
    AtomicBoolean gone = new AtomicBoolean();
    resumable.add(me);
    try (events) {
      if (stopping) {
        throw new InterruptedException();
      }
      relay(call, events, () -> gone.set(true));
    } catch (InterruptedException e) {
      if (!stopping || gone.get()) {
        throw e;
      }
      sayFarewell(call.exchange());
    } finally {
      resumable.remove(me);
    }
  }

  /** Ends the streams of stored logs: the server stops. New ones end at once. */
  void stop() {
    stopping = true;
    resumable.forEach(Thread::interrupt);
  }

  private static void sayFarewell(Exchange exchange) throws InterruptedException {
    if (!exchange.begun()) {
      throw new Rejected(
          new Problem.Unavailable("The server is shutting down.", Duration.ofSeconds(1)));
    }
    exchange.write(FAREWELL);
    exchange.finish(NOTHING);
  }

  /**
   * Sends the events of a response that runs for this caller, to its end.
   *
   * @param events is closed at the end
   * @param whenGone called at once when the client leaves, and in any case but the proper end; must
   *     not block
   */
  void serve(Call call, EventReader events, Runnable whenGone) throws InterruptedException {
    boolean whole = false;
    try (events) {
      relay(call, events, whenGone);
      whole = true;
    } finally {
      if (!whole) {
        whenGone.run();
      }
    }
  }

  private void relay(Call call, EventReader events, Runnable whenGone) throws InterruptedException {
    Exchange exchange = call.exchange();
    Thread me = Thread.currentThread();
    exchange.onGone(() -> {
      whenGone.run();
      me.interrupt();
    });
    try {
      send(call, events);
    } finally {
      exchange.onGone(() -> {});
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
    // All has been told: who leaves now has not left before the end.
    exchange.onGone(() -> {});
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
