package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonValue;

/** What happens to a conversation that is longer than the model's context. */
public enum Truncation {
  AUTO("auto"),
  DISABLED("disabled");

  private final String wire;

  Truncation(String wire) {
    this.wire = wire;
  }

  /** The value on the wire. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
