package antiphon.protocol.event;

import antiphon.protocol.json.Json;
import antiphon.protocol.response.Response;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the events of one stream as JSON. A response is most of what a short stream has to write,
 * and the same one is often in several events and in the snapshot beside them: it is written once.
 *
 * <p>Not safe for threads.
 */
public final class EventWriter {

  private @Nullable Response last;
  private byte[] lastJson = {};

  /** The event as {@link Json#bytes} would write it. */
  public byte[] bytes(StreamEvent event) {
    return event instanceof ResponseEvent whole
        ? around(whole, bytes(whole.response()))
        : Json.bytes(event);
  }

  /** The response as {@link Json#bytes} would write it; not to be changed. */
  @SuppressWarnings(
      "ReferenceEquality") // to compare the values would cost as much as to write them
  public byte[] bytes(Response response) {
    if (response != last) {
      lastJson = Json.bytes(response);
      last = response;
    }
    return lastJson;
  }

  /**
   * The event as JSON, with its response as it is given.
   *
   * @param response JSON
   */
  public static byte[] around(ResponseEvent event, byte[] response) {
    String begin =
        "{\"type\":\""
            + event.type()
            + "\",\"sequence_number\":"
            + event.sequenceNumber()
            + ",\"response\":";
    byte[] head = begin.getBytes(StandardCharsets.US_ASCII);
    byte[] json = new byte[head.length + response.length + 1];
    System.arraycopy(head, 0, json, 0, head.length);
    System.arraycopy(response, 0, json, head.length, response.length);
    json[json.length - 1] = '}';
    return json;
  }
}
