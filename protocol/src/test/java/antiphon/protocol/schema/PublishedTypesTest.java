package antiphon.protocol.schema;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Response;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What OpenAI's package publishes as types is read, and written again with nothing lost or changed:
 * an instance of each form of each field of each item, tool, event, request and response. {@code
 * openai_types.py} in {@code acceptance} makes the instances.
 */
class PublishedTypesTest {

  private static final Map<String, Class<?>> PLACES =
      Map.of(
          "item", Item.class,
          "tool", Tool.class,
          "tool_choice", ToolChoice.class,
          "event", StreamEvent.class,
          "response", Response.class,
          "request", CreateResponse.class);

  /** What is demanded of requests and responses beyond the published types. */
  private static final Map<String, String> LEAST =
      Map.of(
          "request",
          "{\"model\":\"m\"}",
          "response",
          """
          {"status":"completed","metadata":{},"text":{"format":{"type":"text"}},"truncation":"auto",
           "usage":{"input_tokens":0,"output_tokens":0,"total_tokens":0},"service_tier":"auto",
           "reasoning":{}}\
          """);

  /** Why some are refused or changed, by what is said of them. */
  private static final Map<String, String> LEFT_OUT =
      Map.ofEntries(
          Map.entry(
              "Invalid value for 'role':",
              "no engine takes the roles unknown, critic, discriminator and tool in a message"),
          Map.entry("call_id'", "an output without the id of its call answers nothing"),
          Map.entry("tool_choice.tools[0].type", "a tool of no type can be no choice"),
          Map.entry("'tools[0].type", "a tool of no type can be no choice"),
          Map.entry(
              "event ResponseErrorEvent: Missing required parameter: 'code'",
              "MKA1's client wants a code; the adapters give one"),
          Map.entry(
              "event ResponseFunctionCallArgumentsDoneEvent: Missing required parameter: 'name'",
              "MKA1's client wants the name; the adapters know it from the item"),
          Map.entry("top_logprobs[0]", "a likely token without its text or number is left out"),
          Map.entry(
              "Missing required parameter: 'response.status'",
              "an answer of this server has a status always"),
          Map.entry("response Response: Missing required", "is never null in an answer here"),
          Map.entry("response Response: Invalid type", "is never null in an answer here"),
          Map.entry(
              "cache_write_tokens_details", "usage is counted here, in the fields it has here"));

  @Test
  void eachIsReadAndWrittenAgain() {
    List<String> lost = new ArrayList<>();
    Set<String> used = new HashSet<>();
    List<JsonNode> all = instances();
    int leftOut = 0;
    for (JsonNode each : all) {
      String why = fault(each);
      if (why != null) {
        String said = each.get("place").asString() + " " + each.get("type").asString() + ": " + why;
        String known = LEFT_OUT.keySet().stream().filter(said::contains).findAny().orElse(null);
        if (known == null) {
          lost.add(said + " (" + each.get("what").asString() + ")");
        } else {
          used.add(known);
          leftOut++;
        }
      }
    }
    System.out.println(all.size() + " instances, " + leftOut + " left out for a reason");
    assertThat(lost).isEmpty();
    assertThat(used).containsExactlyInAnyOrderElementsOf(LEFT_OUT.keySet());
    assertThat(all).hasSizeGreaterThan(4000);
    assertThat(leftOut).isLessThan(all.size() / 50);
  }

  private static @Nullable String fault(JsonNode each) {
    String place = each.get("place").asString();
    JsonNode value = each.get("value");
    if (value instanceof ObjectNode object && LEAST.containsKey(place)) {
      Contract.PLAIN
          .readTree(LEAST.get(place))
          .properties()
          .forEach(field -> object.putIfAbsent(field.getKey(), field.getValue()));
    }
    Class<?> type = Objects.requireNonNull(PLACES.get(place), place);
    byte[] json = Contract.PLAIN.writeValueAsBytes(value);
    boolean fromEngines = place.equals("event") || place.equals("response");
    try {
      Object read = fromEngines ? Json.readStored(json, type) : Json.read(json, type);
      List<String> faults = faults(value, Contract.PLAIN.readTree(Json.bytes(read)));
      return faults.isEmpty() ? null : faults.toString();
    } catch (InvalidJson e) {
      return e.getMessage();
    }
  }

  /** What was lost or changed. A null is as good as nothing, so a default may stand there. */
  private static List<String> faults(JsonNode read, JsonNode written) {
    return Same.differences(read, written).stream()
        .filter(each -> !each.contains(" is new: ") && !each.contains(": null became "))
        .toList();
  }

  private static List<JsonNode> instances() {
    List<JsonNode> all = new ArrayList<>();
    InputStream file = PublishedTypesTest.class.getResourceAsStream("/openai-types.jsonl.gz");
    try (InputStream packed = Objects.requireNonNull(file, "openai-types.jsonl.gz");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8))) {
      lines.lines().skip(1).map(Contract.PLAIN::readTree).forEach(all::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
