package antiphon.tools.schema;

import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Why a value does not fit a JSON Schema, as far as a look at types, required and unknown fields,
 * enums and constants tells: the mistakes that models make. What else a schema says is for its tool
 * to check.
 */
public final class Misfit {

  private static final int DEEPEST = 32;

  private Misfit() {}

  /** In words for a model; null if nothing is wrong that this sees. */
  public static @Nullable String of(Map<String, JsonNode> schema, JsonNode value) {
    JsonNode root = Json.toTree(schema);
    return look(root, value, "", 0);
  }

  private static @Nullable String look(JsonNode schema, JsonNode value, String at, int depth) {
    if (!schema.isObject() || depth > DEEPEST || schema.has("$ref")) {
      return null;
    }
    String where = at.isEmpty() ? "the arguments" : "'" + at + "'";
    List<String> types = types(schema);
    if (!types.isEmpty() && types.stream().noneMatch(type -> is(type, value))) {
      return where + " must be " + String.join(" or ", types);
    }
    if (schema.path("enum").isArray() && !contains(schema.path("enum"), value)) {
      return where + " must be one of " + schema.path("enum");
    }
    if (schema.has("const") && !schema.get("const").equals(value)) {
      return where + " must be " + schema.get("const");
    }
    if (value.isObject()) {
      return object(schema, value, at, depth);
    }
    return value.isArray() ? array(schema, value, at, depth) : null;
  }

  private static @Nullable String object(JsonNode schema, JsonNode value, String at, int depth) {
    for (JsonNode required : schema.path("required")) {
      if (required.isString() && !value.has(required.asString())) {
        return "'" + path(at, required.asString()) + "' is missing";
      }
    }
    JsonNode properties = schema.path("properties");
    JsonNode others = schema.path("additionalProperties");
    boolean closed = others.isBoolean() && !others.asBoolean() && !schema.has("patternProperties");
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      JsonNode known = properties.get(field.getKey());
      String inner = path(at, field.getKey());
      if (known == null && closed) {
        return "'" + inner + "' is not known";
      }
      String wrong = known == null ? null : look(known, field.getValue(), inner, depth + 1);
      if (wrong != null) {
        return wrong;
      }
    }
    return null;
  }

  private static @Nullable String array(JsonNode schema, JsonNode value, String at, int depth) {
    JsonNode items = schema.path("items");
    for (int i = 0; i < value.size(); i++) {
      String wrong = look(items, value.get(i), at + "[" + i + "]", depth + 1);
      if (wrong != null) {
        return wrong;
      }
    }
    return null;
  }

  private static String path(String at, String name) {
    return at.isEmpty() ? name : at + "." + name;
  }

  private static List<String> types(JsonNode schema) {
    List<String> types = new ArrayList<>();
    JsonNode type = schema.path("type");
    if (type.isString()) {
      types.add(type.asString());
    }
    type.forEach(one -> types.add(one.asString("")));
    if (schema.path("nullable").asBoolean(false)) {
      types.add("null");
    }
    return types;
  }

  private static boolean is(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      case "number" -> value.isNumber();
      case "integer" ->
          value.isIntegralNumber() || (value.isNumber() && value.doubleValue() % 1 == 0);
      // A type that nobody knows is no reason to refuse.
      default -> true;
    };
  }

  private static boolean contains(JsonNode values, JsonNode value) {
    for (JsonNode one : values) {
      if (one.equals(value)
          || (one.isNumber() && value.isNumber() && one.doubleValue() == value.doubleValue())) {
        return true;
      }
    }
    return false;
  }
}
