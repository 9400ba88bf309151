package antiphon.http;

import antiphon.core.api.EncodedEvent;
import antiphon.core.api.EventReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A reader that gives what a test puts in. */
final class ScriptedReader implements EventReader {

  private static final List<EncodedEvent> END = List.of(event("end", -1, 0));

  private final LinkedBlockingQueue<List<EncodedEvent>> batches = new LinkedBlockingQueue<>();
  final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable RuntimeException failure;
  private boolean ended;

  static EncodedEvent event(String type, int number, int padding) {
    String json =
        "{\"type\":\"%s\",\"sequence_number\":%d,\"pad\":\"%s\"}"
            .formatted(type, number, "x".repeat(padding));
    return new EncodedEvent(type, json.getBytes(StandardCharsets.UTF_8));
  }

  ScriptedReader give(EncodedEvent... events) {
    batches.add(List.of(events));
    return this;
  }

  ScriptedReader end() {
    batches.add(END);
    return this;
  }

  /** Throws this once what was given is read. */
  ScriptedReader fail(RuntimeException thrown) {
    failure = thrown;
    return this;
  }

  @Override
  @SuppressWarnings("ReferenceEquality")
  public @Nullable List<EncodedEvent> next(Duration patience) throws InterruptedException {
    if (ended) {
      return null;
    }
    RuntimeException thrown = failure;
    if (thrown != null && batches.isEmpty()) {
      throw thrown;
    }
    List<EncodedEvent> batch = batches.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (batch == END) {
      ended = true;
      return null;
    }
    return batch == null ? List.of() : batch;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
