package antiphon.protocol.schema;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.request.Input;
import antiphon.protocol.request.UpdateResponse;
import antiphon.protocol.response.TextFormat;
import antiphon.protocol.schema.Instances.Fill;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.ToolChoice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Create requests: every field is read, and a null is the same as nothing. */
class CreateResponseTest {

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyFieldIsKept(long seed) {
    ObjectNode original =
        (ObjectNode)
            new Instances(seed, seed % 2 == 0 ? Fill.FULL : Fill.SOME).of("ResponsesCreateRequest");
    // The contract has them as texts or lists; they are kept as lists.
    if (original.path("stop").isString()) {
      String stop = original.path("stop").asString();
      original.putArray("stop").add(stop);
    }
    CreateResponse request =
        Json.read(Contract.PLAIN.writeValueAsBytes(original), CreateResponse.class);
    JsonNode written = Contract.PLAIN.readTree(Json.bytes(request));
    assertThat(Contract.faults("ResponsesCreateRequest", written)).as("seed %d", seed).isEmpty();
    assertThat(Same.differences(original, written)).as("seed %d", seed).isEmpty();
  }

  @Test
  void anEmptyRequestSaysNothingButItsModel() {
    CreateResponse request = request("{'model':'m'}");
    assertThat(Json.text(request)).isEqualTo("{\"model\":\"m\"}");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nullIsTheSameAsNothing(long seed) {
    ObjectNode full = (ObjectNode) new Instances(seed, Fill.FULL).of("ResponsesCreateRequest");
    ObjectNode nulls = Contract.PLAIN.createObjectNode();
    full.propertyNames().forEach(nulls::putNull);
    nulls.put("model", "m");
    assertThat(Json.read(Contract.PLAIN.writeValueAsBytes(nulls), CreateResponse.class))
        .isEqualTo(request("{'model':'m'}"));
  }

  @Test
  void unknownFieldsAreKept() {
    CreateResponse request = request("{'model':'m','brand_new':{'a':[1,2]},'other':null}");
    assertThat(request.extra()).containsKey("brand_new");
    assertThat(request.withoutInput().extra()).isEqualTo(request.extra());
    assertThat(Json.text(request)).contains("\"brand_new\":{\"a\":[1,2]}");
    assertThat(request("{'model':'m'}").extra()).isEmpty();
  }

  @Test
  void stopIsOneTextOrSeveral() {
    assertThat(request("{'model':'m','stop':'a'}").stop())
        .isEqualTo(new CreateResponse.Stop(List.of("a")));
    assertThat(request("{'model':'m','stop':['a','b']}").stop())
        .isEqualTo(new CreateResponse.Stop(List.of("a", "b")));
  }

  @Test
  void textMayLackItsFormat() {
    assertThat(request("{'model':'m','text':{'verbosity':'low'}}").text())
        .satisfies(text -> assertThat(Objects.requireNonNull(text).format()).isNull());
    assertThat(request("{'model':'m','text':{'format':{'type':'text'}}}").text())
        .satisfies(text ->
            assertThat(Objects.requireNonNull(text).format()).isEqualTo(new TextFormat.Text()));
  }

  @Test
  void anItemWithARoleIsAMessage() {
    assertThat(request("{'model':'m','input':[{'role':'user','content':'hi'}]}").input())
        .isInstanceOfSatisfying(
            Input.Items.class,
            items ->
                assertThat(Json.text(items))
                    .isEqualTo("[{\"type\":\"message\",\"role\":\"user\",\"content\":\"hi\"}]"));
  }

  @Test
  void aFunctionNeedsNeitherParametersNorStrict() {
    for (String tool :
        new String[] {
          "{'type':'function','name':'f'}",
          "{'type':'function','name':'f','parameters':null,'strict':null}"
        }) {
      var tools = request("{'model':'m','tools':[" + tool + "]}").tools();
      assertThat(tools).hasSize(1);
      assertThat(Objects.requireNonNull(tools).getFirst()).isInstanceOf(FunctionTool.class);
      assertThat(Json.text(tools)).doesNotContain("strict");
      FunctionTool shown = ((FunctionTool) tools.getFirst()).shown();
      JsonNode written = Contract.PLAIN.readTree(Json.bytes(shown));
      assertThat(Contract.faults("FunctionToolDefinition", written)).isEmpty();
      assertThat(written.path("strict").asBoolean()).isTrue();
      assertThat(written.path("parameters").path("type").asString()).isEqualTo("object");
      assertThat(written.path("parameters").path("properties").isObject()).isTrue();
    }
  }

  @Test
  void toolChoiceIsAWordOrAnObject() {
    assertThat(request("{'model':'m','tool_choice':'required'}").toolChoice())
        .isEqualTo(ToolChoice.Mode.REQUIRED);
    assertThat(request("{'model':'m','tool_choice':{'type':'function','name':'f'}}").toolChoice())
        .isEqualTo(new ToolChoice.Function("f"));
  }

  @Test
  void metadataIsKept() {
    byte[] json = "{\"metadata\":{\"a\":\"b\",\"c\":\"\"}}".getBytes(StandardCharsets.UTF_8);
    assertThat(Json.text(Json.read(json, UpdateResponse.class)))
        .isEqualTo(new String(json, StandardCharsets.UTF_8));
  }

  private static CreateResponse request(String json) {
    return Json.read(
        json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), CreateResponse.class);
  }
}
