package antiphon.core.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Who serves a response: the model it names, then what may serve in its place.
 *
 * @param routes at least one, in the order they are tried
 */
public record Plan(List<Route> routes) {

  public Plan {
    routes = List.copyOf(routes);
    if (routes.isEmpty()) {
      throw new IllegalArgumentException("a plan needs a route");
    }
  }

  /** What is tried first. */
  public Route first() {
    return routes.getFirst();
  }

  /** The public name of the model. */
  public String name() {
    return first().name();
  }

  /** The same beginning with another of its routes; those before it have failed. */
  public Plan from(int index) {
    return new Plan(new ArrayList<>(routes.subList(index, routes.size())));
  }
}
