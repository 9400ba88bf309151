package antiphon.engines.embedded.grammar;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads and joins the parts of schemas. */
final class Schemas {

  private static final int MOST_COUNT = 1_000_000;

  private static final Map<String, String> TYPE_BY_KEYWORD =
      Map.ofEntries(
          Map.entry("properties", "object"),
          Map.entry("required", "object"),
          Map.entry("additionalProperties", "object"),
          Map.entry("minProperties", "object"),
          Map.entry("maxProperties", "object"),
          Map.entry("items", "array"),
          Map.entry("prefixItems", "array"),
          Map.entry("minItems", "array"),
          Map.entry("maxItems", "array"),
          Map.entry("minLength", "string"),
          Map.entry("maxLength", "string"),
          Map.entry("pattern", "string"),
          Map.entry("format", "string"),
          Map.entry("minimum", "number"),
          Map.entry("maximum", "number"),
          Map.entry("exclusiveMinimum", "number"),
          Map.entry("exclusiveMaximum", "number"),
          Map.entry("multipleOf", "number"));

  /** Keywords that narrow what is valid. */
  private static final Set<String> SHAPING =
      Set.of("$ref", "type", "enum", "const", "anyOf", "oneOf", "allOf");

  private final boolean strict;

  Schemas(boolean strict) {
    this.strict = strict;
  }

  /** A value as JSON text. */
  static String json(JsonNode value) {
    return value.toString();
  }

  /** A string as JSON text. */
  static String json(String value) {
    return JsonNodeFactory.instance.stringNode(value).toString();
  }

  static JsonNode without(JsonNode schema, String keyword) {
    ObjectNode copy = ((ObjectNode) schema).deepCopy();
    copy.remove(keyword);
    return copy;
  }

  static String text(JsonNode schema, String keyword, String path)
      throws UnsupportedSchemaException {
    return string(schema.path(keyword), path + "/" + keyword);
  }

  static String string(JsonNode value, String path) throws UnsupportedSchemaException {
    if (!value.isString()) {
      throw JsonSchemaGrammar.refused(path, "is no string");
    }
    return value.stringValue();
  }

  /** The elements of an array that must not be empty, except for {@code required}. */
  static List<JsonNode> list(JsonNode value, String path) throws UnsupportedSchemaException {
    boolean mayBeEmpty = path.endsWith("/required");
    if (!value.isArray() || (value.isEmpty() && !mayBeEmpty)) {
      throw JsonSchemaGrammar.refused(path, "is no list of anything");
    }
    List<JsonNode> elements = new ArrayList<>();
    value.forEach(elements::add);
    return elements;
  }

  /** The types a schema allows, inferred from its other keywords where it names none. */
  static List<String> types(JsonNode schema, String path) throws UnsupportedSchemaException {
    JsonNode type = schema.get("type");
    if (type == null) {
      for (String keyword : schema.propertyNames()) {
        String inferred = TYPE_BY_KEYWORD.get(keyword);
        if (inferred != null) {
          return List.of(inferred);
        }
      }
      return List.of("any");
    }
    if (type.isString()) {
      return List.of(type.stringValue());
    }
    List<String> types = new ArrayList<>();
    for (JsonNode one : list(type, path + "/type")) {
      types.add(string(one, path + "/type"));
    }
    return types;
  }

  static int count(JsonNode schema, String keyword, int fallback, String path)
      throws UnsupportedSchemaException {
    JsonNode value = schema.get(keyword);
    if (value == null) {
      return fallback;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
      throw JsonSchemaGrammar.refused(path + "/" + keyword, "is no count");
    }
    if (value.intValue() > MOST_COUNT) {
      throw JsonSchemaGrammar.refused(path + "/" + keyword, "is above " + MOST_COUNT);
    }
    return value.intValue();
  }

  static Numbers.Bounds bounds(JsonNode schema, String path) throws UnsupportedSchemaException {
    BigDecimal least = decimal(schema, "minimum", path);
    BigDecimal most = decimal(schema, "maximum", path);
    BigDecimal above = decimal(schema, "exclusiveMinimum", path);
    BigDecimal below = decimal(schema, "exclusiveMaximum", path);
    boolean aboveLeast = above != null && (least == null || above.compareTo(least) >= 0);
    boolean belowMost = below != null && (most == null || below.compareTo(most) <= 0);
    return new Numbers.Bounds(
        aboveLeast ? above : least, belowMost ? below : most, aboveLeast, belowMost);
  }

  private static @Nullable BigDecimal decimal(JsonNode schema, String keyword, String path)
      throws UnsupportedSchemaException {
    JsonNode value = schema.get(keyword);
    if (value == null) {
      return null;
    }
    if (!value.isNumber()) {
      throw JsonSchemaGrammar.refused(path + "/" + keyword, "is no number");
    }
    return value.decimalValue();
  }

  /** How many digits {@code multipleOf} leaves after the point, -1 if there is no such limit. */
  int decimals(JsonNode schema, String path) throws UnsupportedSchemaException {
    BigDecimal step = decimal(schema, "multipleOf", path);
    if (step == null) {
      return -1;
    }
    BigDecimal plain = step.stripTrailingZeros();
    if (plain.unscaledValue().intValue() == 1
        && plain.scale() >= 0
        && plain.scale() <= 12
        && plain.precision() == 1) {
      return plain.scale();
    }
    if (strict) {
      throw JsonSchemaGrammar.refused(path + "/multipleOf", "cannot be enforced");
    }
    return -1;
  }

  /** Whether a schema narrows anything. */
  boolean constrains(JsonNode schema) {
    for (String keyword : schema.propertyNames()) {
      if (SHAPING.contains(keyword) || TYPE_BY_KEYWORD.containsKey(keyword)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A schema for what satisfies both.
   *
   * @throws UnsupportedSchemaException if both say different things under one keyword
   */
  JsonNode merge(JsonNode one, JsonNode two, String path) throws UnsupportedSchemaException {
    if (!one.isObject() || !two.isObject()) {
      throw JsonSchemaGrammar.refused(path, "joins what is no schema");
    }
    ObjectNode both = ((ObjectNode) one).deepCopy();
    for (Map.Entry<String, JsonNode> entry : two.properties()) {
      String keyword = entry.getKey();
      JsonNode mine = both.get(keyword);
      JsonNode other = entry.getValue();
      if (mine == null || !(SHAPING.contains(keyword) || TYPE_BY_KEYWORD.containsKey(keyword))) {
        both.set(keyword, other);
      } else if (keyword.equals("required") && mine.isArray() && other.isArray()) {
        both.set(keyword, union(mine, other));
      } else if (keyword.equals("properties") && mine.isObject() && other.isObject()) {
        both.set(keyword, mergeProperties((ObjectNode) mine, (ObjectNode) other, path));
      } else if (!mine.equals(other)) {
        throw JsonSchemaGrammar.refused(path, "joins two different values of " + keyword);
      }
    }
    return both;
  }

  private ObjectNode mergeProperties(ObjectNode one, ObjectNode two, String path)
      throws UnsupportedSchemaException {
    ObjectNode both = one.deepCopy();
    for (Map.Entry<String, JsonNode> property : two.properties()) {
      JsonNode mine = both.get(property.getKey());
      JsonNode other = property.getValue();
      String place = path + "/properties/" + property.getKey();
      both.set(property.getKey(), mine == null ? other : merge(mine, other, place));
    }
    return both;
  }

  private static ArrayNode union(JsonNode one, JsonNode two) {
    Set<JsonNode> all = new LinkedHashSet<>();
    one.forEach(all::add);
    two.forEach(all::add);
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    all.forEach(array::add);
    return array;
  }
}
