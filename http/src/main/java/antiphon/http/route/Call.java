package antiphon.http.route;

import antiphon.http.wire.Exchange;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request that has found its handler.
 *
 * @param exchange the request, and the way to answer it
 * @param mount where it came in
 * @param variables what stood in the path's variable places, decoded
 * @param query its parameters
 * @param caller who makes it; null where no key is needed
 */
public record Call(
    Exchange exchange, Mount mount, List<String> variables, Query query, @Nullable Caller caller) {

  /** The key of a call that needs one. */
  public Caller key() {
    return Objects.requireNonNull(caller, "this route needs no key");
  }

  /** What stood in the path's first variable place; empty if its path has none. */
  public String variable() {
    return variables.isEmpty() ? "" : variables.getFirst();
  }
}
