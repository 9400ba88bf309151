package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How long the text may become. A hint: whatever word comes is taken and shown as it is.
 *
 * @param wire the word on the wire
 */
public record Verbosity(@JsonValue String wire) {

  public static final Verbosity LOW = new Verbosity("low");
  public static final Verbosity MEDIUM = new Verbosity("medium");
  public static final Verbosity HIGH = new Verbosity("high");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Verbosity {}
}
