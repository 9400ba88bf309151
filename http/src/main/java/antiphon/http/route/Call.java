package antiphon.http.route;

import antiphon.core.api.Keys;
import antiphon.http.wire.Exchange;

/**
 * A request that has found its handler.
 *
 * @param exchange the request, and the way to answer it
 * @param mount where it came in
 * @param variable what stood in the path's variable place, decoded; empty if its path has none
 * @param query its parameters
 * @param key tells when the call's key is revoked; never, if it has none
 */
public record Call(Exchange exchange, Mount mount, String variable, Query query, CallKey key) {

  /** The key that a call was made with. */
  @FunctionalInterface
  public interface CallKey {

    /** As {@link Keys#watch}. */
    Keys.Watch watch(Runnable whenRevoked);
  }
}
