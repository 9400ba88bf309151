package antiphon.engines.embedded.grammar;

import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes schemas at random: sensible ones, and ones with nonsense strewn in. */
final class RandomSchema {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> NAMES = List.of("a", "b", "name", "über", "q\"uote", "x y");
  private static final List<String> PATTERNS =
      List.of("^[a-c]{2,4}$", "^(?:x|yy)+$", "[0-9]", "^\\d{3}-\\w*$", "^[^\"\\\\]{1,3}$");

  private final SplittableRandom random;

  RandomSchema(SplittableRandom random) {
    this.random = random;
  }

  /** A schema that makes sense. */
  ObjectNode sensible(int depth) {
    ObjectNode schema = NODES.objectNode();
    switch (random.nextInt(depth <= 0 ? 7 : 11)) {
      case 0 -> schema.put("type", "boolean");
      case 1 -> schema.put("type", "null");
      case 2 -> integer(schema);
      case 3 -> number(schema);
      case 4 -> string(schema);
      case 5 -> schema.set("enum", constants());
      case 6 -> schema.set("const", constants().get(0));
      case 7, 8 -> object(schema, depth);
      case 9 -> array(schema, depth);
      default -> schema.putArray("anyOf").add(sensible(depth - 1)).add(sensible(depth - 1));
    }
    return schema;
  }

  /** A schema in which anything may stand anywhere. */
  ObjectNode wild(int depth) {
    ObjectNode schema = sensible(depth);
    List<String> keywords =
        List.of(
            "type",
            "properties",
            "items",
            "enum",
            "minimum",
            "maxLength",
            "pattern",
            "$ref",
            "anyOf",
            "allOf",
            "required",
            "additionalProperties",
            "not",
            "minItems",
            "format",
            "prefixItems",
            "multipleOf",
            "const");
    for (int i = random.nextInt(3); i >= 0; i--) {
      String keyword = keywords.get(random.nextInt(keywords.size()));
      switch (random.nextInt(8)) {
        case 0 -> schema.put(keyword, random.nextInt(-3, 1000));
        case 1 ->
            schema.put(keyword, List.of("#", "object", "((", "#/x", "").get(random.nextInt(5)));
        case 2 -> schema.putNull(keyword);
        case 3 -> schema.put(keyword, random.nextBoolean());
        case 4 -> schema.set(keyword, constants());
        case 5 -> schema.set(keyword, sensible(depth - 1));
        case 6 -> schema.set(keyword, NODES.arrayNode().add(reference()).add(reference()));
        default -> schema.set(keyword, NODES.numberNode(random.nextDouble() * 1e40));
      }
    }
    return schema;
  }

  private static ObjectNode reference() {
    return NODES.objectNode().put("$ref", "#");
  }

  private void integer(ObjectNode schema) {
    schema.put("type", "integer");
    if (random.nextBoolean()) {
      int least = random.nextInt(-200, 200);
      schema.put("minimum", least);
      schema.put("maximum", least + random.nextInt(1, 300));
    }
  }

  private void number(ObjectNode schema) {
    schema.put("type", "number");
    if (random.nextBoolean()) {
      double least = random.nextInt(-100, 100) / 4.0;
      schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", least);
      schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", least + 1.5);
    }
  }

  private void string(ObjectNode schema) {
    schema.put("type", "string");
    if (random.nextInt(3) == 0) {
      schema.put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
    } else if (random.nextBoolean()) {
      int least = random.nextInt(4);
      schema.put("minLength", least);
      schema.put("maxLength", least + random.nextInt(5));
    }
  }

  private ArrayNode constants() {
    ArrayNode constants = NODES.arrayNode();
    constants.add("one \"two\"").add(3).add(true).addNull().add(-1.5);
    return constants;
  }

  private void object(ObjectNode schema, int depth) {
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      properties.set(name, sensible(depth - 1));
      if (random.nextBoolean()) {
        required.add(name);
      }
    }
    switch (random.nextInt(3)) {
      case 0 -> schema.put("additionalProperties", false);
      case 1 -> schema.set("additionalProperties", sensible(depth - 2));
      default -> {}
    }
  }

  private void array(ObjectNode schema, int depth) {
    schema.put("type", "array");
    schema.set("items", sensible(depth - 1));
    if (random.nextBoolean()) {
      int least = random.nextInt(3);
      schema.put("minItems", least);
      schema.put("maxItems", least + random.nextInt(3));
    }
  }
}
