package antiphon.protocol.tool;

import com.fasterxml.jackson.annotation.JsonValue;

/** How much of the web a search may bring into the context. */
public enum SearchContextSize {
  LOW("low"),
  MEDIUM("medium"),
  HIGH("high");

  private final String wire;

  SearchContextSize(String wire) {
    this.wire = wire;
  }

  /** The value on the wire. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
