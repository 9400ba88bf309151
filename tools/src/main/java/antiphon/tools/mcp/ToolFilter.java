package antiphon.tools.mcp;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Some of a server's tools.
 *
 * @param names null for all
 * @param readOnly whether those that only read, or those that do more; null for both
 */
record ToolFilter(@Nullable Set<String> names, @Nullable Boolean readOnly) {

  static final ToolFilter ALL = new ToolFilter(null, null);

  ToolFilter {
    names = names == null ? null : Set.copyOf(names);
  }

  /** Whether it lets everything through. */
  boolean all() {
    return names == null && readOnly == null;
  }

  boolean matches(String name, Map<String, JsonNode> annotations) {
    return (names == null || names.contains(name))
        && (readOnly == null || readOnly == Hints.readOnly(annotations));
  }

  /** Reads a list of names, or an object of {@code tool_names} and {@code read_only}. */
  static Optional<ToolFilter> read(JsonNode node) {
    if (node.isArray()) {
      return names(node).map(names -> new ToolFilter(names, null));
    }
    JsonNode names = node.path("tool_names");
    JsonNode readOnly = node.path("read_only");
    boolean known = missing(readOnly) || readOnly.isBoolean();
    if (!node.isObject() || !known) {
      return Optional.empty();
    }
    Boolean only = missing(readOnly) ? null : readOnly.asBoolean();
    return missing(names)
        ? Optional.of(new ToolFilter(null, only))
        : names(names).map(some -> new ToolFilter(some, only));
  }

  private static boolean missing(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static Optional<Set<String>> names(JsonNode node) {
    Set<String> names = new HashSet<>();
    for (JsonNode one : node) {
      if (!one.isString()) {
        return Optional.empty();
      }
      names.add(one.asString());
    }
    return node.isArray() ? Optional.of(names) : Optional.empty();
  }
}
