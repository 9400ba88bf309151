package antiphon.protocol.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes instances of the contract's schemas: the fullest, the smallest, or any between. */
public final class Instances {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> TEXTS =
      List.of("", "a", "Straße 😀 \u0000\u2028", "\"quoted\" \\ /", "null", "42");
  private static final int DEEP = 8;

  private final Random random;
  private final Fill fill;

  public Instances(long seed, Fill fill) {
    this.random = new Random(seed);
    this.fill = fill;
  }

  /** Which of the optional fields are there. */
  public enum Fill {
    /** All of them. */
    FULL,
    /** None of them. */
    MINIMAL,
    /** Each with even odds. */
    SOME
  }

  /** An instance of a definition. */
  public JsonNode of(String definition) {
    return value(Contract.definition(definition), 0);
  }

  private JsonNode value(JsonNode schema, int depth) {
    if (schema.has("$ref")) {
      String ref = schema.get("$ref").asString();
      return value(Contract.definition(ref.substring(ref.lastIndexOf('/') + 1)), depth);
    }
    if (schema.has("const")) {
      return schema.get("const");
    }
    for (String choice : List.of("enum", "anyOf", "oneOf")) {
      if (schema.has(choice)) {
        JsonNode picked = pick(schema.get(choice), choice.equals("enum"), depth);
        return choice.equals("enum") ? picked : value(picked, depth + 1);
      }
    }
    JsonNode type = schema.path("type");
    return ofType(type.isArray() ? type.get(0).asString() : type.asString("any"), schema, depth);
  }

  private JsonNode pick(JsonNode choices, boolean literal, int depth) {
    List<JsonNode> open = new ArrayList<>();
    choices.forEach(choice -> {
      if (literal || !choice.path("type").asString("").equals("null")) {
        open.add(choice);
      }
    });
    return depth > DEEP ? open.getFirst() : open.get(random.nextInt(open.size()));
  }

  private JsonNode ofType(String type, JsonNode schema, int depth) {
    return switch (type) {
      case "string" ->
          NODES.stringNode(
              schema.path("format").asString("").equals("date-time")
                  ? "2026-11-01T00:00:00Z"
                  : TEXTS.get(random.nextInt(TEXTS.size())));
      case "integer" -> NODES.numberNode(within(schema, random.nextInt(256)));
      case "number" -> NODES.numberNode(within(schema, 8) / 8.0);
      case "boolean" -> NODES.booleanNode(random.nextBoolean());
      case "array" -> array(schema, depth);
      case "object" -> object(schema, depth);
      case "any" -> PLAIN_OBJECT.deepCopy();
      default -> throw new IllegalArgumentException("No instance of the type " + type);
    };
  }

  private static final ObjectNode PLAIN_OBJECT = NODES.objectNode().put("any", "thing");

  private static long within(JsonNode schema, long wish) {
    long low = schema.path("minimum").asLong(0);
    long high = schema.path("maximum").asLong(Math.max(low, 255));
    return Math.clamp(wish, low, high);
  }

  private ArrayNode array(JsonNode schema, int depth) {
    int least = schema.path("minItems").asInt(0);
    int count =
        switch (fill) {
          case FULL -> depth > DEEP ? least : Math.max(least, 2);
          case MINIMAL -> least;
          case SOME -> depth > DEEP ? least : Math.max(least, random.nextInt(3));
        };
    ArrayNode array = NODES.arrayNode();
    for (int i = 0; i < count; i++) {
      array.add(value(schema.path("items"), depth + 1));
    }
    return array;
  }

  private ObjectNode object(JsonNode schema, int depth) {
    Set<String> required =
        schema.path("required").valueStream().map(JsonNode::asString).collect(Collectors.toSet());
    ObjectNode object = NODES.objectNode();
    schema
        .path("properties")
        .properties()
        .forEach(property -> {
          String name = property.getKey();
          if (required.contains(name) || (depth <= DEEP && optional(name))) {
            object.set(name, field(name, property.getValue(), depth + 1));
          }
        });
    JsonNode others = schema.path("additionalProperties");
    if (!schema.has("properties") && !others.isMissingNode() && fill != Fill.MINIMAL) {
      object.set("key", others.isObject() ? value(others, depth + 1) : PLAIN_OBJECT.deepCopy());
    }
    return object;
  }

  /** The schemas say less of two fields than the API does. */
  private JsonNode field(String name, JsonNode schema, int depth) {
    if (name.equals("bytes")) {
      return fill == Fill.MINIMAL ? NODES.arrayNode() : NODES.arrayNode().add(random.nextInt(256));
    }
    return name.equals("status") && !schema.has("enum")
        ? NODES.stringNode("completed")
        : value(schema, depth);
  }

  private boolean optional(String name) {
    return switch (fill) {
      case FULL -> true;
      // Without it several kinds could not be told apart.
      case MINIMAL -> name.equals("type");
      case SOME -> name.equals("type") || random.nextBoolean();
    };
  }
}
