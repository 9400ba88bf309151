package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonValue;

/** How soon a response is wanted. */
public enum ServiceTier {
  AUTO("auto"),
  DEFAULT("default"),
  FLEX("flex"),
  PRIORITY("priority");

  private final String wire;

  ServiceTier(String wire) {
    this.wire = wire;
  }

  /** The value on the wire. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
