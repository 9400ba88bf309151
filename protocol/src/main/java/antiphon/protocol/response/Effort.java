package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How hard the model is to think. A hint: whatever word comes is taken and shown as it is.
 *
 * @param wire the word on the wire
 */
public record Effort(@JsonValue String wire) {

  public static final Effort NONE = new Effort("none");
  public static final Effort MINIMAL = new Effort("minimal");
  public static final Effort LOW = new Effort("low");
  public static final Effort MEDIUM = new Effort("medium");
  public static final Effort HIGH = new Effort("high");
  public static final Effort XHIGH = new Effort("xhigh");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Effort {}
}
