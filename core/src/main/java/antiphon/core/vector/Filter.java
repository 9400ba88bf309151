package antiphon.core.vector;

import antiphon.core.response.Rejected;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which files a search is to look at, by their attributes. A comparison with an attribute that a
 * file does not have, or whose value is of another kind, does not hold; {@code ne} and {@code nin}
 * are the opposites of {@code eq} and {@code in}, and hold then.
 */
public sealed interface Filter {

  /** How many comparisons a filter may have, and how many values a list. */
  int MOST = 256;

  int MOST_DEPTH = 16;

  /** How a value compares. */
  enum Comparing {
    EQ,
    GT,
    GTE,
    LT,
    LTE
  }

  /**
   * A comparison.
   *
   * @param value a text, a number or a truth
   */
  record Compare(Comparing how, String key, JsonNode value) implements Filter {}

  /** One of these values. */
  record In(String key, List<JsonNode> values) implements Filter {
    public In {
      values = List.copyOf(values);
    }
  }

  /** What does not hold. */
  record Not(Filter filter) implements Filter {}

  /** All of them hold. */
  record And(List<Filter> filters) implements Filter {
    public And {
      filters = List.copyOf(filters);
    }
  }

  /** One of them holds. */
  record Or(List<Filter> filters) implements Filter {
    public Or {
      filters = List.copyOf(filters);
    }
  }

  /**
   * Reads a filter of the wire.
   *
   * @param param names it
   * @throws Rejected if it is none
   */
  static @Nullable Filter read(String param, @Nullable JsonNode node) {
    return node == null || node.isNull() ? null : new Reader().read(param, node, 0);
  }

  /** Reads one, and counts what it has. */
  final class Reader {
    private int count;

    private Reader() {}

    private Filter read(String param, JsonNode node, int depth) {
      if (!node.isObject() || depth > MOST_DEPTH) {
        throw Rejected.invalid(param, "Invalid '" + param + "': must be a filter.");
      }
      if (++count > MOST) {
        throw Rejected.invalid(
            param, "Invalid '" + param + "': a filter may have " + MOST + " parts.");
      }
      String type = text(param + ".type", node.get("type"));
      return switch (type) {
        case "and" -> new And(several(param, node, depth));
        case "or" -> new Or(several(param, node, depth));
        case "eq" -> compare(Comparing.EQ, param, node);
        case "ne" -> new Not(compare(Comparing.EQ, param, node));
        case "gt" -> ordered(Comparing.GT, param, node);
        case "gte" -> ordered(Comparing.GTE, param, node);
        case "lt" -> ordered(Comparing.LT, param, node);
        case "lte" -> ordered(Comparing.LTE, param, node);
        case "in" -> in(param, node);
        case "nin" -> new Not(in(param, node));
        default ->
            throw Rejected.invalid(
                param + ".type",
                "Invalid '"
                    + param
                    + ".type': must be one of eq, ne, gt, gte, lt, lte, in, nin, and, or.");
      };
    }

    private List<Filter> several(String param, JsonNode node, int depth) {
      JsonNode parts = node.get("filters");
      if (parts == null || !parts.isArray() || parts.isEmpty()) {
        throw Rejected.invalid(
            param + ".filters", "Invalid '" + param + ".filters': must be a list of filters.");
      }
      List<Filter> filters = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        filters.add(read(param + ".filters[" + i + "]", parts.get(i), depth + 1));
      }
      return filters;
    }

    private static Compare compare(Comparing how, String param, JsonNode node) {
      JsonNode value = value(param + ".value", node.get("value"));
      return new Compare(how, text(param + ".key", node.get("key")), value);
    }

    private static Compare ordered(Comparing how, String param, JsonNode node) {
      Compare compare = compare(how, param, node);
      if (compare.value().isBoolean()) {
        throw Rejected.invalid(
            param + ".value", "Invalid '" + param + ".value': must be a text or a number.");
      }
      return compare;
    }

    private static In in(String param, JsonNode node) {
      JsonNode list = node.get("value");
      if (list == null || !list.isArray() || list.isEmpty() || list.size() > MOST) {
        throw Rejected.invalid(
            param + ".value",
            "Invalid '" + param + ".value': must be a list of 1 to " + MOST + " values.");
      }
      List<JsonNode> values = new ArrayList<>();
      for (JsonNode one : list) {
        values.add(value(param + ".value", one));
      }
      return new In(text(param + ".key", node.get("key")), values);
    }

    private static JsonNode value(String param, @Nullable JsonNode value) {
      if (value == null || !(value.isString() || value.isNumber() || value.isBoolean())) {
        throw Rejected.invalid(
            param, "Invalid '" + param + "': must be a text, a number or a boolean.");
      }
      return value;
    }

    private static String text(String param, @Nullable JsonNode value) {
      if (value == null || !value.isString() || value.asString().isEmpty()) {
        throw Rejected.invalid(param, "Invalid '" + param + "': must be a text.");
      }
      return value.asString();
    }
  }
}
