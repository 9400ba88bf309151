package antiphon.protocol.item;

import com.fasterxml.jackson.annotation.JsonValue;

/** How far an item has come. */
public enum ItemStatus {
  IN_PROGRESS("in_progress"),
  SEARCHING("searching"),
  INTERPRETING("interpreting"),
  GENERATING("generating"),
  CALLING("calling"),
  COMPLETED("completed"),
  INCOMPLETE("incomplete"),
  FAILED("failed");

  private final String wire;

  ItemStatus(String wire) {
    this.wire = wire;
  }

  /** The value on the wire. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
