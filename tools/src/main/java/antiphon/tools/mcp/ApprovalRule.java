package antiphon.tools.mcp;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which calls need leave. Always, unless the request says otherwise.
 *
 * @param never those that need none; null for none of them
 * @param always those that need it even so; null for none of them
 */
record ApprovalRule(@Nullable ToolFilter never, @Nullable ToolFilter always) {

  static final ApprovalRule ALWAYS = new ApprovalRule(null, null);
  static final ApprovalRule NEVER = new ApprovalRule(ToolFilter.ALL, null);

  boolean required(String name, Map<String, JsonNode> annotations) {
    boolean free = never != null && never.matches(name, annotations);
    boolean bound = always != null && always.matches(name, annotations);
    return bound || !free;
  }

  /** Reads {@code always}, {@code never}, or an object with a filter for each. */
  static Optional<ApprovalRule> read(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return Optional.of(ALWAYS);
    }
    if (node.isString()) {
      return switch (node.asString()) {
        case "always" -> Optional.of(ALWAYS);
        case "never" -> Optional.of(NEVER);
        default -> Optional.empty();
      };
    }
    if (!node.isObject()) {
      return Optional.empty();
    }
    Optional<ToolFilter> never = filter(node, "never");
    Optional<ToolFilter> always = filter(node, "always");
    boolean wrong =
        (node.has("never") && never.isEmpty()) || (node.has("always") && always.isEmpty());
    return wrong
        ? Optional.empty()
        : Optional.of(new ApprovalRule(never.orElse(null), always.orElse(null)));
  }

  private static Optional<ToolFilter> filter(JsonNode node, String field) {
    return node.has(field) ? ToolFilter.read(node.get(field)) : Optional.empty();
  }
}
