package antiphon.engines.embedded.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Objects with named properties, and arrays whose first items have schemas of their own. */
final class Objects {

  private final JsonSchemaGrammar compiler;

  Objects(JsonSchemaGrammar compiler) {
    this.compiler = compiler;
  }

  private record Member(Grammar grammar, boolean required) {}

  /** The properties come in the schema's order; those not required may be left out. */
  Grammar object(JsonNode schema, String path) throws UnsupportedSchemaException {
    Set<String> required = new TreeSet<>();
    if (schema.has("required")) {
      for (JsonNode name : Schemas.list(schema.get("required"), path + "/required")) {
        required.add(Schemas.string(name, path + "/required"));
      }
    }
    JsonNode properties = schema.get("properties");
    if (properties != null && !properties.isObject()) {
      throw JsonSchemaGrammar.refused(path + "/properties", "is no object");
    }
    boolean named = properties != null && !properties.isEmpty();
    Grammar further = further(schema, named, path);
    if (!named && required.isEmpty()) {
      return freeObject(schema, further, path);
    }
    checkCounts(schema, path);
    List<Member> members = new ArrayList<>();
    Set<String> names = new TreeSet<>(required);
    if (properties != null) {
      for (Map.Entry<String, JsonNode> property : properties.properties()) {
        String name = property.getKey();
        names.add(name);
        Grammar value = compiler.node(property.getValue(), path + "/properties/" + name);
        members.add(new Member(member(name, value), required.remove(name)));
      }
    }
    for (String name : required) {
      members.add(new Member(member(name, further == null ? Json.VALUE : further), true));
    }
    Grammar others = further == null ? null : Json.member(Keys.except(names), further);
    return Grammar.all(
        Grammar.literal("{"),
        Json.SPACE,
        inOrder(members, others),
        Json.SPACE,
        Grammar.literal("}"));
  }

  private static Grammar member(String name, Grammar value) {
    return Json.member(Grammar.literal(Schemas.json(name)), value);
  }

  /**
   * The values of properties that are not named, null if there are to be none. Where the schema
   * does not say, there are none beside named ones.
   */
  private @Nullable Grammar further(JsonNode schema, boolean named, String path)
      throws UnsupportedSchemaException {
    JsonNode additional = schema.get("additionalProperties");
    if (additional == null) {
      return named ? null : Json.VALUE;
    }
    if (additional.isBoolean()) {
      return additional.booleanValue() ? Json.VALUE : null;
    }
    return compiler.node(additional, path + "/additionalProperties");
  }

  private static Grammar freeObject(JsonNode schema, @Nullable Grammar value, String path)
      throws UnsupportedSchemaException {
    int least = Schemas.count(schema, "minProperties", 0, path);
    int most = Schemas.count(schema, "maxProperties", Grammar.Repeat.UNLIMITED, path);
    JsonSchemaGrammar.checkOrder(least, most, "minProperties", path);
    if (value == null) {
      if (least > 0) {
        throw JsonSchemaGrammar.refused(path, "wants properties but allows none");
      }
      return Json.map(Json.STRING, Json.VALUE, 0, 0);
    }
    return Json.map(Json.STRING, value, least, most);
  }

  private void checkCounts(JsonNode schema, String path) throws UnsupportedSchemaException {
    if (compiler.strict() && (schema.has("minProperties") || schema.has("maxProperties"))) {
      throw JsonSchemaGrammar.refused(
          path, "counts its properties beside naming them, which cannot be enforced");
    }
  }

  /**
   * Built from the end: what may follow the nth member, before and after a first one was written.
   */
  private static Grammar inOrder(List<Member> members, @Nullable Grammar others) {
    Grammar first = Grammar.EMPTY;
    Grammar later = Grammar.EMPTY;
    if (others != null) {
      later = Grammar.repeat(Grammar.all(Json.comma(), others), 0, Grammar.Repeat.UNLIMITED);
      first = Grammar.optional(Grammar.all(others, later));
    }
    for (Member member : members.reversed()) {
      Grammar asFirst = Grammar.all(member.grammar(), later);
      Grammar asLater = Grammar.all(Json.comma(), member.grammar(), later);
      first = member.required() ? asFirst : Grammar.any(asFirst, first);
      later = member.required() ? asLater : Grammar.any(asLater, later);
    }
    return first;
  }

  /** An array whose first items have schemas of their own. */
  Grammar tuple(JsonNode schema, JsonNode prefix, int least, int most, String path)
      throws UnsupportedSchemaException {
    List<Grammar> items = new ArrayList<>();
    for (JsonNode item : prefix) {
      items.add(compiler.node(item, path + "/prefixItems/" + items.size()));
    }
    if (most >= 0 && most < items.size()) {
      items = items.subList(0, most);
    }
    JsonNode rest = schema.has("prefixItems") ? schema.get("items") : null;
    Grammar tail = Grammar.EMPTY;
    if (rest != null && !(rest.isBoolean() && !rest.booleanValue())) {
      Grammar item = compiler.node(rest, path + "/items");
      int more = most < 0 ? most : most - items.size();
      tail =
          Grammar.repeat(Grammar.all(Json.comma(), item), Math.max(0, least - items.size()), more);
    } else if (least > items.size()) {
      throw JsonSchemaGrammar.refused(path, "wants more items than it describes");
    }
    for (int i = items.size() - 1; i >= 0; i--) {
      Grammar item = Grammar.all(i == 0 ? Grammar.EMPTY : Json.comma(), items.get(i), tail);
      tail = i < least ? item : Grammar.optional(item);
    }
    return Grammar.all(Grammar.literal("["), Json.SPACE, tail, Json.SPACE, Grammar.literal("]"));
  }
}
