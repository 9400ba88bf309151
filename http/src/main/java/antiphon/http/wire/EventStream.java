package antiphon.http.wire;

import antiphon.core.api.EncodedEvent;
import antiphon.core.api.EventReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Server-sent events to one client. What has gathered goes out in one write; a client that does not
 * read blocks this thread alone, and is cut off after a while.
 */
public final class EventStream {

  /** Small: two hundred readers that stall must not hold hundreds of megabytes. */
  private static final int QUEUE_BYTES = 32 * 1024;

  private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEARTBEAT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

  private final HttpServerResponse response;
  private final Exchange exchange;
  private final Watch watch;
  private final HttpSettings settings;
  private final Semaphore drained = new Semaphore(0);

  EventStream(
      HttpServerResponse response, Exchange exchange, Watch watch, HttpSettings settings) {
    this.response = response;
    this.exchange = exchange;
    this.watch = watch;
    this.settings = settings;
    response.setWriteQueueMaxSize(QUEUE_BYTES);
    exchange.onGone(drained::release);
  }

  /** Copies what the reader gives until its end, or until the client has left. */
  public void copy(EventReader reader) throws InterruptedException {
    try (reader) {
      while (!exchange.isGone()) {
        List<EncodedEvent> events = reader.next(settings.heartbeat());
        if (events == null) {
          end();
          return;
        }
        write(events.isEmpty() ? Buffer.buffer(HEARTBEAT) : encode(events));
      }
    }
  }

  private static Buffer encode(List<EncodedEvent> events) {
    int size = 0;
    for (EncodedEvent event : events) {
      size += event.json().length + event.type().length() + 20;
    }
    Buffer buffer = Buffer.buffer(size);
    for (EncodedEvent event : events) {
      buffer
          .appendBytes(EVENT)
          .appendString(event.type())
          .appendBytes(DATA)
          .appendBytes(event.json())
          .appendBytes(END);
    }
    return buffer;
  }

  private void write(Buffer buffer) throws InterruptedException {
    if (response.writeQueueFull()) {
      awaitDrain();
    }
    if (!exchange.isGone()) {
      var _ = response.write(buffer);
    }
  }

  private void awaitDrain() throws InterruptedException {
    drained.drainPermits();
    response.drainHandler(_ -> drained.release());
    // The queue may have drained between the look and the handler.
    while (response.writeQueueFull() && !exchange.isGone()) {
      if (!drained.tryAcquire(settings.writeTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        watch.cut();
        exchange.gone();
      }
    }
  }

  private void end() {
    if (exchange.isGone()) {
      return;
    }
    watch.enter(Watch.State.SENDING);
    var sent =
        exchange.doneMarker() ? response.end(Buffer.buffer(DONE)) : response.end();
    var _ = sent.onComplete(_ -> watch.enter(Watch.State.IDLE));
  }
}
