package antiphon.protocol.item;

import com.fasterxml.jackson.annotation.JsonValue;

/** What an assistant's message is for. */
public enum Phase {
  COMMENTARY("commentary"),
  FINAL_ANSWER("final_answer");

  private final String wire;

  Phase(String wire) {
    this.wire = wire;
  }

  /** The value on the wire. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
