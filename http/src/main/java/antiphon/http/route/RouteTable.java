package antiphon.http.route;

import antiphon.http.error.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The routes as a tree of path segments. A pattern has literal segments and variables: <code>{id}
 * </code> for one segment, <code>{id...}</code> for all that follow. A literal wins over a
 * variable; a slash at the end does not matter; HEAD is answered by GET's endpoint.
 */
public final class RouteTable {

  private final Node root = new Node();
  private final List<Listed> listed = new ArrayList<>();

  /** A route as it was written. */
  public record Listed(String method, String pattern) {}

  /** A route found: where it leads, and what stood in the variables' places, still encoded. */
  public record Found(Mount mount, Endpoint endpoint, List<String> variables) {
    /** The variables, decoded. */
    public List<String> decoded() {
      return variables.stream()
          .map(variable -> PercentCoding.decode(variable, false, "path"))
          .toList();
    }
  }

  private static final class Node {
    private final Map<String, Node> literals = new HashMap<>();
    private @Nullable Node variable;
    private @Nullable Node rest;
    private Mount mount = Mount.MKA1;
    private final Map<String, Endpoint> methods = new TreeMap<>();
  }

  private record Hit(Node node, List<String> variables) {}

  /** Adds a route below a mount. */
  public void add(Mount mount, String method, String pattern, Endpoint endpoint) {
    add(mount, method, mount.prefix(), pattern, endpoint);
  }

  /** Adds a route outside the mounts. */
  public void add(String method, String pattern, Endpoint endpoint) {
    add(Mount.MKA1, method, "", pattern, endpoint);
  }

  private void add(Mount mount, String method, String prefix, String pattern, Endpoint endpoint) {
    Node node = root;
    for (String segment : (prefix + pattern).split("/", -1)) {
      if (segment.isEmpty()) {
        continue;
      }
      node = child(node, segment);
    }
    listed.add(new Listed(method, prefix + pattern));
    node.mount = mount;
    if (node.methods.put(method, endpoint) != null) {
      throw new IllegalArgumentException("two routes for " + method + " " + prefix + pattern);
    }
  }

  private static Node child(Node node, String segment) {
    if (!segment.startsWith("{")) {
      return node.literals.computeIfAbsent(segment, _ -> new Node());
    }
    if (segment.endsWith("...}")) {
      Node next = node.rest == null ? new Node() : node.rest;
      node.rest = next;
      return next;
    }
    Node next = node.variable == null ? new Node() : node.variable;
    node.variable = next;
    return next;
  }

  /** All routes, as they were added. */
  public List<Listed> all() {
    return List.copyOf(listed);
  }

  /**
   * Finds the route.
   *
   * @param path as sent, still percent-encoded
   * @throws Refusal 404 for an unknown path, 405 for a method it does not take
   */
  public Found find(String method, String path) {
    Hit hit = walk(path);
    if (hit == null || hit.node.methods.isEmpty()) {
      throw unknown(method, path);
    }
    Endpoint endpoint = hit.node.methods.get(method.equals("HEAD") ? "GET" : method);
    if (endpoint == null) {
      throw Refusal.wrongMethod(method, allow(hit.node));
    }
    return new Found(hit.node.mount, endpoint, hit.variables);
  }

  /**
   * The methods that a path takes, as the {@code Allow} header lists them.
   *
   * @throws Refusal 404 for an unknown path
   */
  public String allowed(String path) {
    Hit hit = walk(path);
    if (hit == null || hit.node.methods.isEmpty()) {
      throw Refusal.unknownPath("OPTIONS", path);
    }
    return allow(hit.node);
  }

  private static Refusal unknown(String method, String path) {
    if (!path.endsWith("/chat/completions") && !path.endsWith("/chat/completions/")) {
      return Refusal.unknownPath(method, path);
    }
    Mount mount = path.startsWith(Mount.MKA1.prefix()) ? Mount.MKA1 : Mount.OPENAI;
    return Refusal.chatCompletions(mount.prefix() + "/responses");
  }

  private @Nullable Hit walk(String path) {
    if (path.isEmpty() || path.charAt(0) != '/') {
      return null;
    }
    int length = path.length() > 1 && path.endsWith("/") ? path.length() - 1 : path.length();
    if (length < path.length() && path.charAt(length - 1) == '/') {
      return null;
    }
    Node node = root;
    List<String> variables = new ArrayList<>();
    int at = 1;
    while (at < length) {
      int slash = path.indexOf('/', at);
      int end = slash < 0 || slash > length ? length : slash;
      String segment = path.substring(at, end);
      Node next = node.literals.get(segment);
      if (next == null && node.rest != null && !segment.isEmpty()) {
        variables.add(path.substring(at, length));
        return new Hit(node.rest, variables);
      }
      if (next == null && node.variable != null && !segment.isEmpty()) {
        variables.add(segment);
        next = node.variable;
      }
      if (next == null) {
        return null;
      }
      node = next;
      at = end + 1;
    }
    return new Hit(node, variables);
  }

  private static String allow(Node node) {
    StringBuilder allow = new StringBuilder();
    for (String method : node.methods.keySet()) {
      allow.append(allow.isEmpty() ? "" : ", ").append(method);
      if (method.equals("GET")) {
        allow.append(", HEAD");
      }
    }
    return allow.toString();
  }
}
