package antiphon.protocol.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
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

  /** Whether no event follows it: the response has ended, or the stream could not go on. */
  @JsonIgnore
  default boolean isTerminal() {
    return switch (this) {
      case ResponseEvent.Completed _,
          ResponseEvent.Failed _,
          ResponseEvent.Incomplete _,
          ResponseEvent.Cancelled _,
          ErrorEvent _ ->
          true;
      case ResponseEvent.Created _, ResponseEvent.Queued _, ResponseEvent.InProgress _ -> false;
      case ItemEvent _, UnknownEvent _ -> false;
    };
  }
}
