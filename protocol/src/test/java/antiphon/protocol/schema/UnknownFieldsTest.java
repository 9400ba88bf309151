package antiphon.protocol.schema;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import antiphon.protocol.schema.Contract.Kind;
import antiphon.protocol.schema.Instances.Fill;
import antiphon.protocol.tool.Tool;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Fields that the contract does not know survive, at whatever depth of an item or a tool. */
class UnknownFieldsTest {

  private static final String NEW = "brand_new";
  private static final String VALUE = "{\"a\":[null,1.5,{}],\"type\":\"t\",\"\":\"\"}";
  private static final int SEEDS = 10;

  static Stream<Kind> items() {
    return Contract.kinds("items");
  }

  static Stream<Kind> tools() {
    return Stream.concat(Contract.kinds("tools_request"), Contract.kinds("tools_response"))
        // Named by its type alone, or it is the full form.
        .filter(kind -> !kind.model().startsWith("HostedTool"));
  }

  @ParameterizedTest
  @MethodSource
  void items(Kind kind) {
    survive(kind.model(), Item.class);
  }

  @ParameterizedTest
  @MethodSource
  void tools(Kind kind) {
    survive(kind.model(), Tool.class);
  }

  private static void survive(String model, Class<?> type) {
    for (long seed = 0; seed < SEEDS; seed++) {
      JsonNode original = new Instances(seed, Fill.FULL).of(model);
      extend(original);
      Object value = Json.read(Contract.PLAIN.writeValueAsBytes(original), type);
      JsonNode written = Contract.PLAIN.readTree(Json.bytes(value));
      assertThat(Same.differences(original, written)).as("seed %d", seed).isEmpty();
    }
  }

  /** Adds the field to every object that is not a map of texts or the like. */
  private static void extend(JsonNode node) {
    node.forEach(UnknownFieldsTest::extend);
    if (node instanceof ObjectNode object && !object.has("key") && !object.has("any")) {
      object.set(NEW, Contract.PLAIN.readTree(VALUE));
      if (!object.has("type")) {
        object.put("type", "unheard of");
      }
    }
  }
}
