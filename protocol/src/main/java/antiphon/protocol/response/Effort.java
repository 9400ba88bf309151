package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonValue;

/** How hard the model is to think. */
public enum Effort {
  NONE("none"),
  MINIMAL("minimal"),
  LOW("low"),
  MEDIUM("medium"),
  HIGH("high"),
  XHIGH("xhigh");

  private final String wire;

  Effort(String wire) {
    this.wire = wire;
  }

  /** The value on the wire. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
