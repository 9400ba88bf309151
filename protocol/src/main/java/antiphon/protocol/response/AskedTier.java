package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How soon a response is wanted, in the client's word. A hint: whatever word comes is taken and
 * shown as it is.
 *
 * @param wire the word on the wire
 */
public record AskedTier(@JsonValue String wire) {

  public static final AskedTier AUTO = new AskedTier("auto");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public AskedTier {}

  /** The tier that it waits in: for a word that means nothing here the usual one. */
  public ServiceTier tier() {
    for (ServiceTier tier : ServiceTier.values()) {
      if (tier.wire().equals(wire)) {
        return tier;
      }
    }
    return ServiceTier.AUTO;
  }
}
