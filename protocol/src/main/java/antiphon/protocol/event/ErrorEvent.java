package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import org.jspecify.annotations.Nullable;

/**
 * A failure outside the response, at the end of a stream. It is flat: MKA1's client wants {@code
 * code} as a text, and OpenAI's takes a nested {@code error} for something else.
 */
public record ErrorEvent(
    long sequenceNumber, @Required String code, @Required String message, @Nullable String param)
    implements StreamEvent {

  @Override
  public String type() {
    return "error";
  }
}
