package antiphon.http.route;

import antiphon.core.api.Keys;
import antiphon.http.wire.Exchange;
import java.util.List;

/**
 * A request that has found its handler.
 *
 * @param exchange the request, and the way to answer it
 * @param mount where it came in
 * @param variables what stood in the path's variable places, decoded
 * @param query its parameters
 * @param key tells when the call's key is revoked; never, if it has none
 */
public record Call(
    Exchange exchange, Mount mount, List<String> variables, Query query, CallKey key) {

  /** What stood in the path's first variable place; empty if its path has none. */
  public String variable() {
    return variables.isEmpty() ? "" : variables.getFirst();
  }

  /** The key that a call was made with. */
  @FunctionalInterface
  public interface CallKey {

    /** As {@link Keys#watch}. */
    Keys.Watch watch(Runnable whenRevoked);
  }
}
