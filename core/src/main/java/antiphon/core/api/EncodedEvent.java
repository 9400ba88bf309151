package antiphon.core.api;

import antiphon.protocol.json.Json;

/**
 * An event as it goes over the wire.
 *
 * @param type the event's type, for the {@code event:} line
 * @param json the event, UTF-8, one line
 */
public record EncodedEvent(String type, byte[] json) {

  /** A stored event. */
  public static EncodedEvent of(byte[] json) {
    return new EncodedEvent(Json.field(json, "type"), json);
  }
}
