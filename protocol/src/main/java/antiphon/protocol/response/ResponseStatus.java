package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where a response is in its life. */
public enum ResponseStatus {
  QUEUED("queued"),
  IN_PROGRESS("in_progress"),
  COMPLETED("completed"),
  FAILED("failed"),
  INCOMPLETE("incomplete"),
  CANCELLED("cancelled");

  private final String wire;

  ResponseStatus(String wire) {
    this.wire = wire;
  }

  /** The value on the wire. */
  @JsonValue
  public String wire() {
    return wire;
  }

  /** Whether nothing will change any more. */
  public boolean isTerminal() {
    return switch (this) {
      case QUEUED, IN_PROGRESS -> false;
      case COMPLETED, FAILED, INCOMPLETE, CANCELLED -> true;
    };
  }
}
