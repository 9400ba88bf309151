package antiphon.protocol.item;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What an assistant's message is for. A hint: whatever word comes is taken and shown as it is.
 *
 * @param wire the word on the wire
 */
public record Phase(@JsonValue String wire) {

  public static final Phase COMMENTARY = new Phase("commentary");
  public static final Phase FINAL_ANSWER = new Phase("final_answer");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Phase {}
}
