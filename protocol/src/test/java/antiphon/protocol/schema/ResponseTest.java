package antiphon.protocol.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.protocol.event.ResponseEvent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.AskedTier;
import antiphon.protocol.response.Reasoning;
import antiphon.protocol.response.Response;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.TextConfig;
import antiphon.protocol.response.TextFormat;
import antiphon.protocol.response.Truncation;
import antiphon.protocol.response.Usage;
import antiphon.protocol.response.Verbosity;
import antiphon.protocol.schema.Contract.Kind;
import antiphon.protocol.schema.Instances.Fill;
import antiphon.protocol.tool.ToolChoice;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The response object: what every client needs is always there, and nothing of it is lost. */
class ResponseTest {

  /** What the contract lets a response say, and this server has no use for. */
  private static final Set<String> NOT_KEPT =
      Set.of("prompt", "context_management", "resolved_serving_location");

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 150);
  }

  static Stream<Kind> events() {
    return Contract.kinds("events")
        .filter(kind -> Contract.definition(kind.model()).path("properties").has("response"));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void comesBackAsItWas(long seed) {
    ObjectNode original = response(seed);
    assertThat(Contract.faults("ResponseObject", original)).as("seed %d", seed).isEmpty();
    Response response = Json.read(Contract.PLAIN.writeValueAsBytes(original), Response.class);
    JsonNode written = Contract.PLAIN.readTree(Json.bytes(response));
    assertThat(Contract.responseFaults(written)).as("seed %d", seed).isEmpty();
    assertThat(Same.differences(original, written)).as("seed %d", seed).isEmpty();
    assertThat(response.toBuilder().build()).isEqualTo(response);
  }

  @ParameterizedTest
  @MethodSource
  void events(Kind kind) {
    ObjectNode event = Contract.PLAIN.createObjectNode();
    event.put("type", kind.type()).put("sequence_number", 7).set("response", response(1));
    StreamEvent read = Json.read(Contract.PLAIN.writeValueAsBytes(event), StreamEvent.class);
    assertThat(read).isInstanceOf(ResponseEvent.class);
    assertThat(read.type()).isEqualTo(kind.type());
    assertThat(Same.differences(event, Contract.PLAIN.readTree(Json.bytes(read)))).isEmpty();
  }

  @Test
  void everyKeyThatAClientNeedsIsWrittenNullOrNot() {
    ObjectNode bare = response(3);
    for (String field :
        Set.of(
            "completed_at",
            "error",
            "incomplete_details",
            "instructions",
            "max_output_tokens",
            "max_tool_calls",
            "previous_response_id",
            "user")) {
      bare.putNull(field);
    }
    bare.set("output", Contract.PLAIN.createArrayNode());
    Response response = Json.read(Contract.PLAIN.writeValueAsBytes(bare), Response.class);
    JsonNode written = Contract.PLAIN.readTree(Json.bytes(response));
    Contract.definition("ResponseObject")
        .path("required")
        .forEach(name -> assertThat(written.has(name.asString())).as(name.asString()).isTrue());
    assertThat(written.propertyNames())
        .startsWith("id", "object", "created_at", "status")
        .contains("temperature", "top_p", "presence_penalty", "frequency_penalty", "top_logprobs")
        .contains("service_tier", "reasoning", "output_text", "store");
    assertThat(written.path("reasoning").propertyNames()).contains("effort", "summary");
    JsonNode input = written.path("usage").path("input_tokens_details");
    assertThat(input.path("cache_write_tokens").isInt()).isTrue();
    assertThat(written.path("created_at").isIntegralNumber()).isTrue();
  }

  @Test
  void whatOpenResponsesHasAlwaysIsNullWhereNobodyGaveIt() {
    for (String given : List.of("", "null")) {
      ObjectNode bare = response(5);
      bare.remove(List.of("prompt_cache_key", "safety_identifier"));
      String nothing = given.isEmpty() ? "" : ",\"description\":null,\"strict\":null";
      bare.set(
          "tools",
          Contract.PLAIN.readTree("[{\"type\":\"function\",\"name\":\"f\"" + nothing + "}]"));
      bare.set(
          "text",
          Contract.PLAIN.readTree(
              "{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":{}"
                  + nothing
                  + "}}"));
      JsonNode written =
          Contract.PLAIN.readTree(
              Json.bytes(Json.read(Contract.PLAIN.writeValueAsBytes(bare), Response.class)));
      assertThat(written.get("prompt_cache_key").isNull()).isTrue();
      assertThat(written.get("safety_identifier").isNull()).isTrue();
      assertThat(written.path("tools").path(0).get("description").isNull()).isTrue();
      assertThat(written.path("text").path("format").get("description").isNull()).isTrue();
      assertThat(written.path("text").path("format").get("strict").asBoolean()).isFalse();
    }
  }

  @Test
  void whatToolsAndFormatsHaveIsShown() {
    ObjectNode full = response(5);
    full.put("prompt_cache_key", "k").put("safety_identifier", "s").put("brand_new", 7);
    full.set(
        "tools",
        Contract.PLAIN.readTree(
            "[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\"},\"strict\":false,"
                + "\"defer_loading\":true,\"output_schema\":{}}]"));
    full.set(
        "text",
        Contract.PLAIN.readTree(
            "{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"description\":\"d\",\"schema\":{},"
                + "\"strict\":true},\"verbosity\":\"low\"}"));
    JsonNode written =
        Contract.PLAIN.readTree(
            Json.bytes(Json.read(Contract.PLAIN.writeValueAsBytes(full), Response.class)));
    assertThat(Same.differences(full, written)).isEmpty();
  }

  @Test
  void aResponseMadeHereWithNothingButDefaultsIsWhatTheContractSays() {
    Response response =
        Response.builder()
            .id("resp_1")
            .createdAt(1_793_500_000L)
            .status(ResponseStatus.QUEUED)
            .metadata(Map.of())
            .model("auto")
            .output(List.of())
            .text(new TextConfig(new TextFormat.Text(), Verbosity.MEDIUM))
            .toolChoice(ToolChoice.Mode.AUTO)
            .tools(List.of())
            .truncation(Truncation.AUTO)
            .usage(Usage.ZERO)
            .serviceTier(AskedTier.AUTO)
            .reasoning(new Reasoning(null, null))
            .build();
    JsonNode written = Contract.PLAIN.readTree(Json.bytes(response));
    assertThat(Contract.responseFaults(written)).isEmpty();
    assertThat(Json.read(Json.bytes(response), Response.class)).isEqualTo(response);
    assertThat(written.path("completed_at").isNull()).isTrue();
    assertThat(written.path("usage").path("total_tokens").asInt(-1)).isZero();
  }

  @Test
  void outputTextIsAllTextOfAllMessages() {
    ObjectNode json = response(4);
    ArrayNode output = json.putArray("output");
    output.add(message("Hello, "));
    output
        .addObject()
        .put("type", "function_call")
        .put("id", "fc_1")
        .put("call_id", "call_1")
        .put("name", "f")
        .put("arguments", "{}");
    output.add(message("world."));
    Response response = Json.read(Contract.PLAIN.writeValueAsBytes(json), Response.class);
    assertThat(response.outputText()).isEqualTo("Hello, world.");
    assertThat(Contract.PLAIN.readTree(Json.bytes(response)).path("output_text").asString())
        .isEqualTo("Hello, world.");
  }

  @Test
  void aResponseWithoutWhatMustBeThereIsRefused() {
    for (String field : Set.of("id", "status", "model", "output", "tools", "usage", "text")) {
      ObjectNode json = response(5);
      json.remove(field);
      byte[] bytes = Contract.PLAIN.writeValueAsBytes(json);
      assertThatThrownBy(() -> Json.read(bytes, Response.class))
          .isInstanceOfSatisfying(
              InvalidJson.Field.class, e -> assertThat(e.param()).isEqualTo(field));
    }
  }

  private static JsonNode message(String text) {
    ObjectNode message = Contract.PLAIN.createObjectNode();
    message.put("type", "message").put("id", "msg_1").put("status", "completed");
    message
        .put("role", "assistant")
        .putArray("content")
        .addObject()
        .put("type", "output_text")
        .put("text", text)
        .putArray("annotations");
    return message;
  }

  /** A response as this server writes them: whole, with times as integers. */
  private static ObjectNode response(long seed) {
    ObjectNode json = (ObjectNode) new Instances(seed, Fill.SOME).of("ResponseObject");
    JsonNode full = new Instances(seed, Fill.FULL).of("ResponseObject");
    for (String always :
        Set.of(
            "temperature",
            "top_p",
            "presence_penalty",
            "frequency_penalty",
            "top_logprobs",
            "service_tier")) {
      json.set(always, full.get(always));
    }
    NOT_KEPT.forEach(json::remove);
    json.put("created_at", 1_793_500_000L + seed);
    if (!json.path("completed_at").isNull()) {
      json.put("completed_at", 1_793_500_001L + seed);
    }
    // Anything at all may stand among the tools; the typed ones have their own test.
    json.set("tools", Contract.PLAIN.createArrayNode().add(tool(seed)));
    json.set("reasoning", full.get("reasoning"));
    ((ObjectNode) json.path("usage").path("input_tokens_details")).put("cache_write_tokens", 0);
    if (json.path("incomplete_details").isObject()) {
      json.putObject("incomplete_details").put("reason", "max_output_tokens");
    }
    json.remove("output_text");
    Response response = Json.read(Contract.PLAIN.writeValueAsBytes(json), Response.class);
    json.put("object", "response").put("output_text", response.outputText());
    return json;
  }

  private static JsonNode tool(long seed) {
    return new Instances(seed, Fill.FULL).of("FunctionToolDefinition");
  }
}
