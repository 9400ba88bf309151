package antiphon.protocol.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.schema.Contract.Kind;
import antiphon.protocol.schema.Instances.Fill;
import antiphon.protocol.tool.Tool;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every field of every kind left out, and given as null: what must be there is asked for by its
 * name, and for the rest a null is the same as nothing.
 */
class AbsentAndNullTest {

  /**
   * What MKA1's contract requires and OpenAI's clients leave out, or a message of the input has no
   * need of.
   */
  private static final Set<String> NOT_ASKED_FOR =
      Set.of(
          "CodeInterpreterToolCall.code",
          "CodeInterpreterToolCall.outputs",
          "ComputerToolCall.action",
          "FunctionToolDefinition.parameters",
          "FunctionToolDefinition.strict",
          "ImageGenerationCall.result",
          "OutputMessage.status",
          "ResponseCompactionItem.content",
          "ResponseOutputTextAnnotationAddedEvent.annotation",
          "ShellCall.status",
          "WebSearchToolCall.action");

  /** Other items of the input may come without an id: the server gives them one. */
  private static final Set<String> MUST_NAME_ONE = Set.of("ItemReference", "LocalShellCallOutput");

  static Stream<Kind> items() {
    return Contract.kinds("items");
  }

  static Stream<Kind> tools() {
    // Those that may be named by their type alone have a form of that kind instead.
    return Contract.kinds("tools_request")
        .filter(kind -> !kind.model().startsWith("HostedTool"))
        .filter(kind -> !kind.model().equals("CodeInterpreterToolRequest"));
  }

  static Stream<Kind> events() {
    return Contract.kinds("events")
        .filter(kind -> !Contract.definition(kind.model()).path("properties").has("response"));
  }

  @ParameterizedTest
  @MethodSource
  void items(Kind kind) {
    fields(kind.model(), Item.class);
  }

  @ParameterizedTest
  @MethodSource
  void tools(Kind kind) {
    fields(kind.model(), Tool.class);
  }

  @ParameterizedTest
  @MethodSource
  void events(Kind kind) {
    fields(kind.model(), StreamEvent.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"InputText", "InputImage", "InputFile", "InputAudio", "OutputText", "Refusal"})
  void parts(String model) {
    fields(model, ContentPart.class);
  }

  /** So that the list above does not outlive its reasons. */
  @Test
  void whatIsNotAskedForIsInTheContract() {
    for (String field : NOT_ASKED_FOR) {
      String[] at = field.split("\\.", 2);
      assertThat(required(at[0])).as(field).contains(at[1]);
    }
  }

  private static void fields(String model, Class<?> type) {
    ObjectNode full = (ObjectNode) new Instances(1, Fill.FULL).of(model);
    Set<String> required = required(model);
    required.removeIf(name -> NOT_ASKED_FOR.contains(model + "." + name));
    if (type == Item.class && !MUST_NAME_ONE.contains(model)) {
      required.remove("id");
    }
    for (String name : List.copyOf(full.propertyNames())) {
      ObjectNode without = full.deepCopy();
      without.remove(name);
      ObjectNode nulled = full.deepCopy();
      nulled.putNull(name);
      // A role tells that it is a message, an id alone that it is a reference.
      boolean told = full.has("role") || model.equals("ItemReference");
      boolean asked = name.equals("type") ? !told : required.contains(name);
      if (asked) {
        refused(without, type, name);
        refused(nulled, type, name);
      } else {
        Object absent = Json.read(Contract.PLAIN.writeValueAsBytes(without), type);
        Object given = Json.read(Contract.PLAIN.writeValueAsBytes(nulled), type);
        assertThat(given).as("%s.%s", model, name).isEqualTo(absent);
        assertThat(Json.text(given)).isEqualTo(Json.text(absent));
      }
    }
  }

  private static void refused(JsonNode json, Class<?> type, String name) {
    InvalidJson.Field refused =
        catchThrowableOfType(
            InvalidJson.Field.class, () -> Json.read(Contract.PLAIN.writeValueAsBytes(json), type));
    assertThat(refused).as("without %s: %s", name, json).isNotNull();
    assertThat(refused.param()).isEqualTo(name);
    assertThat(refused).hasMessageContaining("'" + name + "'");
  }

  private static Set<String> required(String model) {
    return Contract.definition(model)
        .path("required")
        .valueStream()
        .map(JsonNode::asString)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
