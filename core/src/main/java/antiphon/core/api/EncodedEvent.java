package antiphon.core.api;

/**
 * An event as it goes over the wire.
 *
 * @param type the event's type, for the {@code event:} line
 * @param json the event, UTF-8, one line
 */
public record EncodedEvent(String type, byte[] json) {}
