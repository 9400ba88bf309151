package antiphon.http.wire;

import io.vertx.core.http.HttpMethod;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the handler for a path and method. A path is segments; {@code {name}} stands for one. */
public final class Router {

  private final List<Route> routes = new ArrayList<>();

  /**
   * Adds a route.
   *
   * @param path e.g. {@code /v1/responses/{response_id}}; a last {@code {name*}} takes all the rest
   * @param doneMarker whether streams of this route end with {@code [DONE]}
   */
  public Router add(HttpMethod method, String path, boolean doneMarker, Handler handler) {
    routes.add(new Route(method, List.of(path.substring(1).split("/", -1)), doneMarker, handler));
    return this;
  }

  /** Handles an exchange by the route that fits; 404 and 405 where none does. */
  void handle(Exchange exchange) throws InterruptedException {
    List<String> segments = segments(exchange.path());
    HttpMethod method = exchange.method() == HttpMethod.HEAD ? HttpMethod.GET : exchange.method();
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Map<String, String> params = match(route.segments, segments);
      if (params != null) {
        if (route.method.equals(method)) {
          exchange.matched(params, route.doneMarker);
          route.handler.handle(exchange);
          return;
        }
        allowed.add(route.method.name());
      }
    }
    if (allowed.isEmpty()) {
      throw new Refused(404, "There is nothing at " + shown(exchange.path()) + ".", "not_found");
    }
    exchange.header("allow", String.join(", ", allowed));
    throw new Refused(
        405,
        "The method %s is not allowed here; use %s."
            .formatted(exchange.method().name(), String.join(" or ", allowed)),
        "method_not_allowed");
  }

  private static List<String> segments(String path) {
    if (!path.startsWith("/")) {
      return List.of();
    }
    String trimmed =
        path.length() > 1 && path.endsWith("/") ? path.substring(1, path.length() - 1) : path.substring(1);
    List<String> segments = new ArrayList<>(6);
    int from = 0;
    for (int at = 0; at <= trimmed.length(); at++) {
      if (at == trimmed.length() || trimmed.charAt(at) == '/') {
        segments.add(decode(trimmed.substring(from, at)));
        from = at + 1;
      }
    }
    return segments;
  }

  private static String decode(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw new Refused(400, "The path is not properly percent-encoded.", "invalid_path");
    }
  }

  private static @Nullable Map<String, String> match(List<String> pattern, List<String> path) {
    boolean rest = pattern.getLast().endsWith("*}");
    if (rest ? path.size() < pattern.size() : path.size() != pattern.size()) {
      return null;
    }
    String name = null;
    String value = null;
    for (int i = 0; i < pattern.size(); i++) {
      String expected = pattern.get(i);
      if (!expected.startsWith("{")) {
        if (!expected.equals(path.get(i))) {
          return null;
        }
      } else if (expected.endsWith("*}")) {
        name = expected.substring(1, expected.length() - 2);
        value = String.join("/", path.subList(i, path.size()));
      } else {
        name = expected.substring(1, expected.length() - 1);
        value = path.get(i);
      }
    }
    return name == null || value == null ? Map.of() : Map.of(name, value);
  }

  private static String shown(String path) {
    return path.length() <= 200 ? path : path.substring(0, 200) + "…";
  }

  private record Route(
      HttpMethod method, List<String> segments, boolean doneMarker, Handler handler) {}
}
