package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonValue;

/** How long the text may become. */
public enum Verbosity {
  LOW("low"),
  MEDIUM("medium"),
  HIGH("high");

  private final String wire;

  Verbosity(String wire) {
    this.wire = wire;
  }

  /** The value on the wire. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
