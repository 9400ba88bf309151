package antiphon.protocol.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one of several records, told apart by their {@code type}.
 *
 * @param <T> what they have in common
 */
public abstract class KindReader<T> extends ValueDeserializer<T> {

  private final String what;

  /**
   * @param what for messages: "item", "tool" …
   */
  protected KindReader(String what) {
    this.what = what;
  }

  /** The record for a type, or null if there is none; {@code node} may tell more. */
  protected abstract @Nullable Class<? extends T> kind(String type, ObjectNode node);

  /** The types there are, for the message that refuses another one. */
  protected abstract List<String> types();

  /** What stands for a kind that is not known, where that is allowed; null if it never is. */
  protected @Nullable T unknown(String type, Map<String, JsonNode> fields) {
    return null;
  }

  /** Whether what a stranger sends of an unknown type is kept too; others judge what it can do. */
  protected boolean keepsUnknown(String type) {
    return false;
  }

  /** The type of an object that names none, or null. */
  protected @Nullable String implied(ObjectNode node) {
    return null;
  }

  /** A field that every kind must have and this object lacks, or null; asked of strangers alone. */
  protected @Nullable String lacks(ObjectNode node) {
    return null;
  }

  /** Reads what is no object; by default nothing is. */
  protected @Nullable T other(JsonNode node) {
    return null;
  }

  /** What may stand here, for the message that refuses something else. */
  protected String otherForms() {
    return "an object";
  }

  @Override
  public T deserialize(JsonParser parser, DeserializationContext context) {
    JsonNode tree = parser.readValueAsTree();
    if (!(tree instanceof ObjectNode node)) {
      T other = other(tree);
      if (other == null) {
        String got =
            tree.isString()
                ? ", but got the string " + shown(tree.asString())
                : Failures.got(tree.asToken());
        throw new InvalidField(
            parser, "", "Invalid type for {field}: expected " + otherForms() + got + ".");
      }
      return other;
    }
    String type = type(parser, node);
    Class<? extends T> kind = kind(type, node);
    if (kind != null) {
      String lacking = Json.lenient(context) ? null : lacks(node);
      if (lacking != null) {
        throw new InvalidField(parser, lacking, "Missing required parameter: {field}.");
      }
      return context.readTreeAsValue(node, kind);
    }
    T unknown = keepsUnknown(type) || Json.lenient(context) ? unknown(type, fields(node)) : null;
    if (unknown == null) {
      throw new InvalidField(parser, "type", unknownMessage(type));
    }
    return unknown;
  }

  private String type(JsonParser parser, ObjectNode node) {
    JsonNode given = node.get("type");
    if (given == null || given.isNull()) {
      String implied = implied(node);
      if (implied == null) {
        throw new InvalidField(parser, "type", "Missing required parameter: {field}.");
      }
      return implied;
    }
    if (!given.isString()) {
      throw new InvalidField(
          parser,
          "type",
          "Invalid type for {field}: expected a string" + Failures.got(given.asToken()) + ".");
    }
    return given.asString();
  }

  private String unknownMessage(String type) {
    return "Invalid value for {field}: there is no "
        + what
        + " of the type "
        + shown(type)
        + ". Supported values are: "
        + types().stream().map(known -> "'" + known + "'").collect(Collectors.joining(", "))
        + ".";
  }

  /** A text that was given, as part of a message's form. */
  private static String shown(String given) {
    return "'" + Failures.shown(given).replace("{field}", "") + "'";
  }

  private static Map<String, JsonNode> fields(ObjectNode node) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    node.properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
    return fields;
  }
}
