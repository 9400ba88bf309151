package antiphon.http.resource;

import antiphon.core.api.Created;
import antiphon.core.api.EncodedEvent;
import antiphon.core.api.EventReader;
import antiphon.core.api.Keys;
import antiphon.core.health.Complaints;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.StoreException;
import antiphon.http.error.ErrorReply;
import antiphon.http.error.Problems;
import antiphon.http.error.Refusal;
import antiphon.http.route.Call;
import antiphon.http.wire.Exchange;
import antiphon.protocol.event.ErrorEvent;
import antiphon.protocol.json.Json;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Sends a response's events as server-sent events. */
final class EventStream {

  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

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

  /** In bytes: from here on an event is written by itself. */
  private static final int LARGE = 16 * 1024;

  /** How long the head waits for company; after this it goes out with a comment. */
  private static final Duration FIRST = Duration.ofMillis(20);

  /** How long an engine may take to refuse until a stream is begun all the same. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** The lines before an event's JSON, by its type; our own code makes the types, some seventy. */
  private final ConcurrentHashMap<String, byte[]> heads = new ConcurrentHashMap<>();

  private final Duration heartbeat;
  private final Set<Ending> resumable = ConcurrentHashMap.newKeySet();
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
   * @param after the number of the last event that the client has, -1 for none
   */
  void serveLog(Call call, EventReader events, long after) throws InterruptedException {
    Ending ending = new Ending();
    resumable.add(ending);
    if (stopping) {
      ending.end(Ending.Why.STOPPING);
    }
    try (events) {
      relay(call, events, after, ending, () -> {}, () -> null);
    } finally {
      resumable.remove(ending);
    }
  }

  /** Ends the streams of stored logs: the server stops. New ones end at once. */
  void stop() {
    stopping = true;
    resumable.forEach(ending -> ending.end(Ending.Why.STOPPING));
  }

  /**
   * Sends the events of a response that runs for this caller, to its end.
   *
   * @param running learns at once when the client leaves, and in any case but the proper end
   * @param padded whether its pieces are
   * @throws Rejected if the engine refuses soon, before it has said anything: many clients take a
   *     stream that fails for an empty answer
   */
  void serve(Call call, Created.Running running, boolean padded) throws InterruptedException {
    boolean whole = false;
    try (EventReader events = Obfuscation.of(running.events(), padded)) {
      whole =
          relay(
              call, events, -1, new Ending(), running::clientGone, () -> running.refused(PATIENCE));
    } finally {
      if (!whole) {
        running.clientGone();
      }
    }
  }

  /**
   * Sends events, unless there is a problem first.
   *
   * @return whether all events were sent
   */
  private boolean relay(
      Call call,
      EventReader events,
      long after,
      Ending ending,
      Runnable whenGone,
      Beginning beginning)
      throws InterruptedException {
    Exchange exchange = call.exchange();
    Thread me = Thread.currentThread();
    exchange.onGone(() -> {
      whenGone.run();
      me.interrupt();
    });
    Progress sent = new Progress(after);
    try (Keys.Watch _ = call.key().watch(() -> ending.end(Ending.Why.REVOKED))) {
      Problem problem = beginning.problem();
      if (problem != null) {
        throw new Rejected(problem);
      }
      send(call, events, ending, sent);
      return true;
    } catch (Ending.Ended e) {
      switch (e.why()) {
        case STOPPING -> sayFarewell(exchange);
        case REVOKED -> sayRevoked(call, sent);
      }
    } catch (StoreException | Rejected e) {
      if (!exchange.begun()) {
        throw e;
      }
      Complaints.warn(LOG, "stream", "a stream was broken off: " + e.getMessage());
      sayFailed(call, sent, Problems.expected(e).orElseThrow());
    } finally {
      exchange.onGone(() -> {});
    }
    return false;
  }

  private static void sayFarewell(Exchange exchange) throws InterruptedException {
    if (!exchange.begun()) {
      throw new Rejected(
          new Problem.Unavailable("The server is shutting down.", Duration.ofSeconds(1)));
    }
    exchange.write(FAREWELL);
    exchange.finish(NOTHING);
  }

  private void sayRevoked(Call call, Progress sent) throws InterruptedException {
    Refusal revoked = Refusal.unauthorized("The API key of this call has been revoked.");
    if (!call.exchange().begun()) {
      throw revoked;
    }
    sayFailed(call, sent, revoked.reply());
  }

  /**
   * What is not the response's own end: an event that says why, so that the client need not guess.
   * It has the number of the event before it, for from there the client can go on.
   */
  private void sayFailed(Call call, Progress sent, ErrorReply why) throws InterruptedException {
    String code = why.code() == null ? why.type() : why.code();
    ErrorEvent event = new ErrorEvent(sent.number(), code, why.message(), null);
    call.exchange().write(encode(List.of(new EncodedEvent(event.type(), Json.bytes(event)))));
    call.exchange().finish(call.mount().sentinel() ? DONE : NOTHING);
  }

  private void send(Call call, EventReader events, Ending ending, Progress sent)
      throws InterruptedException, Ending.Ended {
    Exchange exchange = call.exchange();
    List<EncodedEvent> batch = ending.next(events, FIRST);
    exchange.setHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE);
    exchange.setHeader(BUFFERING, NO);
    exchange.open(200, TYPE);
    while (batch != null) {
      if (batch.isEmpty()) {
        exchange.write(KEEP_ALIVE);
      } else {
        write(exchange, batch);
      }
      sent.passed(batch);
      batch = ending.next(events, heartbeat);
    }
    // All has been told: who leaves now has not left before the end.
    exchange.onGone(() -> {});
    exchange.finish(call.mount().sentinel() ? DONE : NOTHING);
  }

  /**
   * Small events go together; a large one goes as it is, for a copy of it would be one a reader.
   */
  private void write(Exchange exchange, List<EncodedEvent> batch) throws InterruptedException {
    int begin = 0;
    int length = 0;
    for (int i = 0; i < batch.size(); i++) {
      EncodedEvent event = batch.get(i);
      boolean large = event.json().length > LARGE;
      if (i > begin && (large || length > LARGE)) {
        exchange.write(encode(batch.subList(begin, i)));
        begin = i;
        length = 0;
      }
      if (large) {
        exchange.write(head(event.type()));
        exchange.write(event.json());
        exchange.write(END);
        begin = i + 1;
      } else {
        length += event.json().length;
      }
    }
    if (begin < batch.size()) {
      exchange.write(encode(batch.subList(begin, batch.size())));
    }
  }

  /** How far a stream has come. */
  private static final class Progress {
    private final long after;
    private @Nullable EncodedEvent last;

    Progress(long after) {
      this.after = after;
    }

    void passed(List<EncodedEvent> batch) {
      last = batch.isEmpty() ? last : batch.getLast();
    }

    /** The number of the last event that the client has. */
    long number() {
      EncodedEvent event = last;
      return event == null
          ? after
          : Json.readStored(event.json(), JsonNode.class).path("sequence_number").asLong(after);
    }
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

  /** What is waited for before a stream is begun. */
  @FunctionalInterface
  private interface Beginning {
    @Nullable Problem problem() throws InterruptedException;
  }
}
