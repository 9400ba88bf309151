package antiphon.protocol.schema;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The contract's schemas, read with a mapper that is not the one under test. */
public final class Contract {

  /** Plain Jackson, for reading what the mapper under test wrote. */
  public static final JsonMapper PLAIN = JsonMapper.builder().build();

  private static final JsonNode ALL = load();
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

  private Contract() {}

  private static JsonNode load() {
    try (InputStream in = Contract.class.getResourceAsStream("/schema/_all.json")) {
      return PLAIN.readTree(Objects.requireNonNull(in, "schema/_all.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A definition by its name. */
  public static JsonNode definition(String name) {
    return Objects.requireNonNull(ALL.path("$defs").get(name), name);
  }

  /** The kinds of a section of the index: items, events, tools_request, tools_response. */
  public static Stream<Kind> kinds(String section) {
    return ALL.path("index")
        .path(section)
        .valueStream()
        .map(pair -> new Kind(pair.get(0).asString(), pair.get(1).asString()));
  }

  /** What a value breaks of a definition; empty if nothing. */
  public static List<String> faults(String definition, JsonNode value) {
    return SCHEMAS.computeIfAbsent(definition, Contract::compile).validate(value).stream()
        .map(Object::toString)
        .toList();
  }

  /**
   * What a response breaks of the contract. Some fields are null where nobody gave them: Open
   * Responses has them always, and MKA1's client takes the null though its schema has but a text.
   */
  public static List<String> responseFaults(JsonNode written) {
    JsonNode response = written.deepCopy();
    List<JsonNode> told = new ArrayList<>(response.path("tools").valueStream().toList());
    told.add(response.path("text").path("format"));
    told.forEach(node -> withoutNulls(node, List.of("description")));
    withoutNulls(response, List.of("prompt_cache_key", "safety_identifier"));
    return faults("ResponseObject", response);
  }

  private static void withoutNulls(JsonNode node, List<String> names) {
    if (node instanceof ObjectNode object) {
      object.remove(names.stream().filter(name -> object.path(name).isNull()).toList());
    }
  }

  private static Schema compile(String definition) {
    ObjectNode schema = PLAIN.createObjectNode();
    schema.put("$ref", "#/$defs/" + definition);
    schema.set("$defs", ALL.path("$defs"));
    return REGISTRY.getSchema(schema);
  }

  /**
   * A kind of item, tool or event.
   *
   * @param type as on the wire, where the contract has one name for it
   * @param model the definition
   */
  public record Kind(String type, String model) {
    @Override
    public String toString() {
      return type + " (" + model + ")";
    }
  }
}
