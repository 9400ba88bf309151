package antiphon.protocol.schema;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.protocol.content.Annotation;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.UnknownPart;
import antiphon.protocol.json.Json;
import antiphon.protocol.schema.Instances.Fill;
import antiphon.protocol.tool.ToolChoice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What items are made of, each kind for itself, and how a tool is chosen. */
class PartsTest {

  private static final int RANDOM = 20;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "InputText",
        "InputImage",
        "InputFile",
        "InputAudio",
        "OutputText",
        "Refusal",
        "ReasoningText",
        "SummaryText"
      })
  void parts(String model) {
    roundTrips(model, ContentPart.class, UnknownPart.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FileCitation", "URLCitation", "ContainerFileCitation", "FilePath"})
  void annotations(String model) {
    roundTrips(model, Annotation.class, Void.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HostedToolChoice",
        "FunctionToolChoice",
        "CustomToolChoice",
        "AllowedTools",
        "MCPToolChoice"
      })
  void toolChoices(String model) {
    roundTrips(model, ToolChoice.class, Void.class);
  }

  @ParameterizedTest
  @EnumSource
  void toolChoicesInAWord(ToolChoice.Mode mode) {
    byte[] word = Json.bytes(mode);
    assertThat(Json.read(word, ToolChoice.class)).isEqualTo(mode);
    assertThat(Json.tree(word).asString()).isEqualTo(mode.wire());
  }

  private static void roundTrips(String model, Class<?> type, Class<?> never) {
    for (long seed = 0; seed < RANDOM; seed++) {
      for (Fill fill : Fill.values()) {
        JsonNode original = new Instances(seed, fill).of(model);
        assertThat(Contract.faults(model, original)).as("generated %s", original).isEmpty();
        Object value = Json.read(Contract.PLAIN.writeValueAsBytes(original), type);
        assertThat(value).isNotInstanceOf(never);
        JsonNode written = Contract.PLAIN.readTree(Json.bytes(value));
        assertThat(Contract.faults(model, written)).as("seed %d", seed).isEmpty();
        assertThat(Same.differences(original, written)).as("seed %d", seed).isEmpty();
        assertThat(Json.readStored(Json.bytes(value), type)).isEqualTo(value);
      }
    }
  }
}
