package antiphon.engines.embedded.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A small JSON schema validator, written from the specification and not from the compiler. */
final class Validator {

  private final JsonNode root;

  Validator(JsonNode root) {
    this.root = root;
  }

  boolean valid(JsonNode value) {
    return valid(root, value);
  }

  private boolean valid(JsonNode schema, JsonNode value) {
    if (schema.isBoolean()) {
      return schema.booleanValue();
    }
    if (schema.has("$ref")) {
      String target = schema.get("$ref").stringValue();
      return valid(target.equals("#") ? root : root.at(target.substring(1)), value);
    }
    return types(schema, value)
        && choices(schema, value)
        && (!value.isObject() || object(schema, value))
        && (!value.isArray() || array(schema, value))
        && (!value.isString() || string(schema, value.stringValue()))
        && (!value.isNumber() || number(schema, value));
  }

  private static boolean types(JsonNode schema, JsonNode value) {
    if (!schema.has("type")) {
      return true;
    }
    List<String> types = new ArrayList<>();
    JsonNode type = schema.get("type");
    if (type.isArray()) {
      type.forEach(one -> types.add(one.stringValue()));
    } else {
      types.add(type.stringValue());
    }
    return types.stream()
        .anyMatch(name ->
            switch (name) {
              case "object" -> value.isObject();
              case "array" -> value.isArray();
              case "string" -> value.isString();
              case "number" -> value.isNumber();
              case "integer" ->
                  value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
              case "boolean" -> value.isBoolean();
              case "null" -> value.isNull();
              default -> false;
            });
  }

  private boolean choices(JsonNode schema, JsonNode value) {
    return (!schema.has("const") || schema.get("const").equals(value))
        && (!schema.has("enum") || any(schema.get("enum"), value::equals))
        && (!schema.has("anyOf") || any(schema.get("anyOf"), one -> valid(one, value)));
  }

  private static boolean any(JsonNode list, java.util.function.Predicate<JsonNode> test) {
    for (JsonNode one : list) {
      if (test.test(one)) {
        return true;
      }
    }
    return false;
  }

  private boolean object(JsonNode schema, JsonNode value) {
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.stringValue())) {
        return false;
      }
    }
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      JsonNode known = schema.path("properties").get(entry.getKey());
      JsonNode rule = known == null ? schema.get("additionalProperties") : known;
      if (rule != null && !valid(rule, entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  private boolean array(JsonNode schema, JsonNode value) {
    if (value.size() < schema.path("minItems").asInt(0)
        || value.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
      return false;
    }
    if (schema.has("items")) {
      for (JsonNode item : value) {
        if (!valid(schema.get("items"), item)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean string(JsonNode schema, String value) {
    int length = value.codePointCount(0, value.length());
    return length >= schema.path("minLength").asInt(0)
        && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
        && (!schema.has("pattern")
            || Pattern.compile(schema.get("pattern").stringValue()).matcher(value).find());
  }

  private static boolean number(JsonNode schema, JsonNode value) {
    var number = value.decimalValue();
    return (!schema.has("minimum") || number.compareTo(schema.get("minimum").decimalValue()) >= 0)
        && (!schema.has("maximum") || number.compareTo(schema.get("maximum").decimalValue()) <= 0)
        && (!schema.has("exclusiveMinimum")
            || number.compareTo(schema.get("exclusiveMinimum").decimalValue()) > 0)
        && (!schema.has("exclusiveMaximum")
            || number.compareTo(schema.get("exclusiveMaximum").decimalValue()) < 0);
  }
}
