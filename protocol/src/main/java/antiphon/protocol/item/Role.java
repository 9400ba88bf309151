package antiphon.protocol.item;

import com.fasterxml.jackson.annotation.JsonValue;

/** Who speaks. */
public enum Role {
  USER("user"),
  ASSISTANT("assistant"),
  SYSTEM("system"),
  DEVELOPER("developer");

  private final String wire;

  Role(String wire) {
    this.wire = wire;
  }

  /** The value on the wire. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
