package antiphon.protocol.tool;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How much of the web a search may bring into the context. A hint: whatever word comes is taken and
 * shown as it is.
 *
 * @param wire the word on the wire
 */
public record SearchContextSize(@JsonValue String wire) {

  public static final SearchContextSize LOW = new SearchContextSize("low");
  public static final SearchContextSize MEDIUM = new SearchContextSize("medium");
  public static final SearchContextSize HIGH = new SearchContextSize("high");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public SearchContextSize {}
}
