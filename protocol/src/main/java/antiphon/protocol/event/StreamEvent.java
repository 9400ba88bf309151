package antiphon.protocol.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** An event of a response's stream. */
@JsonPropertyOrder({"type", "sequence_number"})
public sealed interface StreamEvent permits ErrorEvent, ItemEvent, ResponseEvent, UnknownEvent {

  /** The type, as on the wire. */
  @JsonProperty("type")
  String type();

  /** Its place in the response's log, from 0. */
  long sequenceNumber();
}
