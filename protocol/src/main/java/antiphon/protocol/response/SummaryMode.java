package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How the reasoning is to be summed up. A hint: whatever word comes is taken and shown as it is.
 *
 * @param wire the word on the wire
 */
public record SummaryMode(@JsonValue String wire) {

  public static final SummaryMode AUTO = new SummaryMode("auto");
  public static final SummaryMode CONCISE = new SummaryMode("concise");
  public static final SummaryMode DETAILED = new SummaryMode("detailed");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public SummaryMode {}
}
