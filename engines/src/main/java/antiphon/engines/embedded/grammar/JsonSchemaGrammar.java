package antiphon.engines.embedded.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes a grammar of a JSON schema. Every text of the grammar satisfies the schema; a few values
 * that satisfy it are left out (properties come in the schema's order, numbers have bounded
 * digits).
 *
 * <p>Strictly, a keyword that cannot be held to is refused; leniently, it is passed over.
 */
public final class JsonSchemaGrammar {

  private static final int MOST_DEPTH = 100;
  private static final int MOST_VISITS = 5_000;

  /** Keywords that say nothing about what is valid. */
  private static final Set<String> NOTES =
      Set.of(
          "$schema",
          "$id",
          "$comment",
          "$anchor",
          "$defs",
          "definitions",
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "strict",
          "name");

  private static final Set<String> KNOWN =
      Set.of(
          "$ref",
          "type",
          "enum",
          "const",
          "anyOf",
          "oneOf",
          "allOf",
          "properties",
          "required",
          "additionalProperties",
          "minProperties",
          "maxProperties",
          "items",
          "prefixItems",
          "minItems",
          "maxItems",
          "minLength",
          "maxLength",
          "pattern",
          "format",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf");

  private final JsonNode root;
  private final boolean strict;
  private final Map<String, Grammar.Ref> references = new HashMap<>();
  private final Schemas schemas;
  private final Objects objects;
  private int depth;
  private int visited;

  private JsonSchemaGrammar(JsonNode root, boolean strict) {
    this.root = root;
    this.strict = strict;
    this.schemas = new Schemas(strict);
    this.objects = new Objects(this);
  }

  /**
   * The grammar of the values of a schema.
   *
   * @param strict whether what cannot be held to is an error
   * @throws UnsupportedSchemaException saying what is wrong with the schema, and where
   */
  public static Grammar compile(JsonNode schema, boolean strict) throws UnsupportedSchemaException {
    Grammar grammar = new JsonSchemaGrammar(schema, strict).node(schema, "#");
    GrammarCheck.check(grammar);
    return grammar;
  }

  /** The grammar of any JSON object. */
  public static Grammar anyObject() {
    return Json.OBJECT;
  }

  /**
   * A call of one of several tools: an object of its name and its arguments.
   *
   * @param tools the schema of each tool's arguments, by its name; followed leniently
   * @param before what stands before the object
   * @param after what stands after it
   * @throws UnsupportedSchemaException if there is no tool, or a schema cannot be followed
   */
  public static Grammar toolCall(Map<String, JsonNode> tools, String before, String after)
      throws UnsupportedSchemaException {
    if (tools.isEmpty()) {
      throw new UnsupportedSchemaException("There is no tool to call.");
    }
    List<Grammar> calls = new ArrayList<>();
    for (Map.Entry<String, JsonNode> tool : tools.entrySet()) {
      Grammar name = Grammar.literal(Schemas.json(tool.getKey()));
      Grammar arguments = new JsonSchemaGrammar(tool.getValue(), false).node(tool.getValue(), "#");
      calls.add(
          Grammar.all(
              Json.member(Grammar.literal("\"name\""), name),
              Json.SPACE,
              Json.comma(),
              Json.member(Grammar.literal("\"arguments\""), arguments)));
    }
    Grammar grammar =
        Grammar.all(
            Grammar.literal(before),
            Json.SPACE,
            Grammar.literal("{"),
            Json.SPACE,
            Grammar.any(calls),
            Json.SPACE,
            Grammar.literal("}"),
            after.isEmpty() ? Grammar.EMPTY : Json.SPACE,
            Grammar.literal(after));
    GrammarCheck.check(grammar);
    return grammar;
  }

  boolean strict() {
    return strict;
  }

  Grammar node(JsonNode schema, String path) throws UnsupportedSchemaException {
    if (schema.isBoolean() && schema.booleanValue()) {
      return Json.VALUE;
    }
    if (!schema.isObject()) {
      throw refused(path, schema.isBoolean() ? "allows nothing" : "is no schema");
    }
    if (++depth > MOST_DEPTH) {
      throw refused(path, "is nested too deeply");
    }
    if (++visited > MOST_VISITS) {
      throw refused(path, "is too large, or joins itself with itself");
    }
    try {
      return byKeyword(schema, path);
    } finally {
      depth--;
    }
  }

  private Grammar byKeyword(JsonNode schema, String path) throws UnsupportedSchemaException {
    checkKeywords(schema, path);
    if (schema.has("$ref")) {
      return reference(schema, path);
    }
    if (schema.has("const")) {
      return Grammar.literal(Schemas.json(schema.get("const")));
    }
    if (schema.has("enum")) {
      return enumeration(schema.get("enum"), path);
    }
    for (String keyword : List.of("anyOf", "oneOf")) {
      if (schema.has(keyword)) {
        return alternatives(schema, keyword, path);
      }
    }
    if (schema.has("allOf")) {
      JsonNode merged = Schemas.without(schema, "allOf");
      for (JsonNode part : Schemas.list(schema.get("allOf"), path + "/allOf")) {
        merged = schemas.merge(merged, resolved(part, path), path);
      }
      return node(merged, path);
    }
    List<Grammar> choices = new ArrayList<>();
    for (String type : Schemas.types(schema, path)) {
      choices.add(ofType(type, schema, path));
    }
    return Grammar.any(choices);
  }

  private void checkKeywords(JsonNode schema, String path) throws UnsupportedSchemaException {
    for (String keyword : schema.propertyNames()) {
      boolean harmless =
          keyword.equals("uniqueItems")
              && schema.get(keyword).isBoolean()
              && !schema.get(keyword).booleanValue();
      if (strict && !harmless && !NOTES.contains(keyword) && !KNOWN.contains(keyword)) {
        throw refused(path, "has the keyword " + keyword + ", which cannot be enforced");
      }
    }
  }

  private Grammar reference(JsonNode schema, String path) throws UnsupportedSchemaException {
    JsonNode rest = Schemas.without(schema, "$ref");
    if (schemas.constrains(rest)) {
      return node(schemas.merge(rest, resolved(schema, path), path), path);
    }
    String target = Schemas.text(schema, "$ref", path);
    Grammar.Ref known = references.get(target);
    if (known == null) {
      known = new Grammar.Ref(target);
      references.put(target, known);
      known.fill(node(find(target, path), target));
    }
    return known;
  }

  /** The schema itself, or what it refers to if that is all it does. */
  private JsonNode resolved(JsonNode schema, String path) throws UnsupportedSchemaException {
    JsonNode now = schema;
    for (int hops = 0; now.has("$ref"); hops++) {
      if (hops > MOST_DEPTH) {
        throw refused(path, "refers to itself");
      }
      now = find(Schemas.text(now, "$ref", path), path);
    }
    return now;
  }

  private JsonNode find(String target, String path) throws UnsupportedSchemaException {
    if (!target.startsWith("#")) {
      throw refused(path, "refers to " + target + " outside of itself");
    }
    JsonNode found = null;
    try {
      found = target.equals("#") ? root : root.at(target.substring(1));
    } catch (IllegalArgumentException _) {
      // Not a pointer.
    }
    if (found == null || found.isMissingNode()) {
      throw refused(path, "refers to " + target + ", which is not there");
    }
    return found;
  }

  private Grammar enumeration(JsonNode values, String path) throws UnsupportedSchemaException {
    List<Grammar> choices = new ArrayList<>();
    for (JsonNode value : Schemas.list(values, path + "/enum")) {
      choices.add(Grammar.literal(Schemas.json(value)));
    }
    return Grammar.any(choices);
  }

  private Grammar alternatives(JsonNode schema, String keyword, String path)
      throws UnsupportedSchemaException {
    JsonNode rest = Schemas.without(schema, keyword);
    List<Grammar> choices = new ArrayList<>();
    int i = 0;
    for (JsonNode choice : Schemas.list(schema.get(keyword), path + "/" + keyword)) {
      String place = path + "/" + keyword + "/" + i++;
      boolean alone = !schemas.constrains(rest);
      choices.add(
          node(alone ? choice : schemas.merge(rest, resolved(choice, place), place), place));
    }
    return Grammar.any(choices);
  }

  private Grammar ofType(String type, JsonNode schema, String path)
      throws UnsupportedSchemaException {
    return switch (type) {
      case "null" -> Json.NULL;
      case "boolean" -> Json.BOOLEAN;
      case "integer" -> number(schema, true, path);
      case "number" -> number(schema, false, path);
      case "string" -> string(schema, path);
      case "array" -> array(schema, path);
      case "object" -> objects.object(schema, path);
      case "any" -> Json.VALUE;
      default -> throw refused(path, "is of unknown type " + type);
    };
  }

  private Grammar number(JsonNode schema, boolean integer, String path)
      throws UnsupportedSchemaException {
    Numbers.Bounds bounds = Schemas.bounds(schema, path);
    int decimals = schemas.decimals(schema, path);
    if (integer || decimals == 0) {
      return Numbers.integers(bounds);
    }
    if (decimals > 0 && bounds.none()) {
      return Numbers.decimals(decimals);
    }
    if (decimals > 0 && strict) {
      throw refused(path, "has multipleOf beside bounds, which cannot be enforced");
    }
    return Numbers.numbers(bounds);
  }

  private Grammar string(JsonNode schema, String path) throws UnsupportedSchemaException {
    int least = Schemas.count(schema, "minLength", 0, path);
    int most = Schemas.count(schema, "maxLength", Grammar.Repeat.UNLIMITED, path);
    Grammar inside = inside(schema, path);
    if (inside == null) {
      checkOrder(least, most, "minLength", path);
      return Json.string(least, most);
    }
    if (strict && (schema.has("minLength") || schema.has("maxLength"))) {
      throw refused(path, "has a length beside a pattern or format, which cannot be enforced");
    }
    return Grammar.all(Grammar.literal("\""), inside, Grammar.literal("\""));
  }

  private @Nullable Grammar inside(JsonNode schema, String path) throws UnsupportedSchemaException {
    try {
      if (schema.has("pattern")) {
        return Regex.compile(Schemas.text(schema, "pattern", path));
      }
    } catch (UnsupportedSchemaException e) {
      if (strict) {
        throw e;
      }
    }
    return schema.has("format")
        ? Formats.find(Schemas.text(schema, "format", path)).orElse(null)
        : null;
  }

  private Grammar array(JsonNode schema, String path) throws UnsupportedSchemaException {
    int least = Schemas.count(schema, "minItems", 0, path);
    int most = Schemas.count(schema, "maxItems", Grammar.Repeat.UNLIMITED, path);
    checkOrder(least, most, "minItems", path);
    JsonNode first = schema.has("prefixItems") ? schema.get("prefixItems") : schema.get("items");
    if (first != null && first.isArray()) {
      return objects.tuple(schema, first, least, most, path);
    }
    if (most == 0) {
      return Json.array(Json.VALUE, 0, 0);
    }
    Grammar item = first == null ? Json.VALUE : node(first, path + "/items");
    return Json.array(item, least, most);
  }

  static void checkOrder(int least, int most, String keyword, String path)
      throws UnsupportedSchemaException {
    if (most >= 0 && most < least) {
      throw refused(path, "has a " + keyword + " above its maximum");
    }
  }

  static UnsupportedSchemaException refused(String path, String why) {
    return new UnsupportedSchemaException("The schema at " + path + " " + why + ".");
  }
}
