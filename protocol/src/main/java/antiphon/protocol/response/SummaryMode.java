package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonValue;

/** How the reasoning is to be summed up. */
public enum SummaryMode {
  AUTO("auto"),
  CONCISE("concise"),
  DETAILED("detailed");

  private final String wire;

  SummaryMode(String wire) {
    this.wire = wire;
  }

  /** The value on the wire. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
