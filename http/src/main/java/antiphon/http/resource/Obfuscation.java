package antiphon.http.resource;

import antiphon.core.api.EncodedEvent;
import antiphon.core.api.EventReader;
import antiphon.protocol.request.CreateResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Pads the events that carry pieces of a model's answer, so that who sees only the sizes of what is
 * sent cannot tell its words from them. The field {@code obfuscation} stands behind the event's
 * own; it is made for each reader and kept nowhere.
 */
final class Obfuscation {

  /** Every such event is a multiple of this long, in bytes; nearly all pieces fit the first. */
  private static final int STEP = 256;

  private static final byte[] BEFORE = ascii(",\"obfuscation\":\"");
  private static final byte[] BEHIND = ascii("\"}");

  /** Chance letters, since what repeats itself is packed by a proxy that packs. */
  private static final byte[] LETTERS =
      ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

  private Obfuscation() {}

  /** Whether a create asks for it. */
  static boolean asked(CreateResponse request) {
    CreateResponse.StreamOptions options = request.streamOptions();
    return options != null && Boolean.TRUE.equals(options.includeObfuscation());
  }

  /** The same events, padded where they are pieces and this is asked for. */
  static EventReader of(EventReader events, boolean asked) {
    return asked ? new Padding(events) : events;
  }

  private record Padding(EventReader events) implements EventReader {
    @Override
    public @Nullable List<EncodedEvent> next(Duration patience) throws InterruptedException {
      List<EncodedEvent> batch = events.next(patience);
      return batch == null || batch.isEmpty() ? batch : padded(batch);
    }

    @Override
    public void close() {
      events.close();
    }
  }

  private static List<EncodedEvent> padded(List<EncodedEvent> batch) {
    List<EncodedEvent> padded = new ArrayList<>(batch.size());
    for (EncodedEvent event : batch) {
      padded.add(padded(event));
    }
    return padded;
  }

  private static EncodedEvent padded(EncodedEvent event) {
    return event.type().endsWith(".delta")
        ? new EncodedEvent(event.type(), padded(event.json()))
        : event;
  }

  private static byte[] padded(byte[] json) {
    int own = json.length - 1;
    int least = own + BEFORE.length + BEHIND.length + 1;
    byte[] padded = new byte[Math.ceilDiv(least, STEP) * STEP];
    System.arraycopy(json, 0, padded, 0, own);
    System.arraycopy(BEFORE, 0, padded, own, BEFORE.length);
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = own + BEFORE.length; i < padded.length - BEHIND.length; i++) {
      padded[i] = LETTERS[random.nextInt(LETTERS.length)];
    }
    System.arraycopy(BEHIND, 0, padded, padded.length - BEHIND.length, BEHIND.length);
    return padded;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
