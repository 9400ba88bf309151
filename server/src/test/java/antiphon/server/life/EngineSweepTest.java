package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Engine;
import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.chat.ChatSettings;
import antiphon.engines.responses.ResponsesEngine;
import antiphon.engines.responses.ResponsesSettings;
import antiphon.engines.upstream.Limits;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.protocol.json.Json;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Script;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What engines send, in every form that is known or feared, through a whole server. Each line of
 * the files holds an answer of an engine and what must come of it: nothing that it says is lost in
 * silence, and nothing that it does is a fault of ours.
 *
 * <p>A line has {@code name}, the {@code http} status, {@code type} and {@code body} of the answer;
 * then the {@code text}, {@code reasoning}, {@code refusal}, {@code calls}, {@code usage} and
 * {@code end} (why it is incomplete), or the {@code status} and {@code code} of the error and what
 * it {@code says}. {@code tools} are offered beside two functions, {@code events} are in the
 * stream.
 */
@Timeout(300)
class EngineSweepTest {

  @TempDir Path folder;

  @Test
  void chatCompletions() throws IOException {
    sweep(
        "chat",
        url ->
            new ChatCompletionsEngine(
                ChatSettings.of(at(url).serving(List.of("m"))), InstantSource.system()));
  }

  @Test
  void responses() throws IOException {
    sweep(
        "responses",
        url ->
            new ResponsesEngine(
                ResponsesSettings.of(at(url).serving(List.of("m"))), InstantSource.system()));
  }

  private static UpstreamSettings at(String url) {
    return UpstreamSettings.at("up", url, null).with(Limits.DEFAULT.retrying(0));
  }

  private void sweep(String file, Function<String, Engine> engine) throws IOException {
    Map<String, JsonNode> cases = cases(file);
    Script script =
        (request, answer) -> {
          String body = request.body();
          String name = body.substring(body.indexOf("case:") + 5, body.indexOf(":esac"));
          JsonNode asked = Objects.requireNonNull(cases.get(name), name);
          answer.status(
              asked.path("http").asInt(200),
              asked.path("type").asString("text/event-stream"),
              asked.path("body").asString());
        };
    SoftAssertions all = new SoftAssertions();
    try (FakeUpstream upstream = new FakeUpstream(script);
        Node node = new Node(folder, engine.apply(upstream.url()))) {
      cases.forEach((name, asked) -> {
        synchronous(all, node, name, asked);
        streamed(all, node, name, asked);
      });
    }
    all.assertAll();
  }

  private static void synchronous(SoftAssertions all, Node node, String name, JsonNode asked) {
    Answer answer = node.post("/responses", request(name, asked, ""));
    int status = asked.path("status").asInt(200);
    all.assertThat(answer.status()).as(name).isEqualTo(status);
    if (status == 200) {
      said(all, name, asked, answer.json());
    } else {
      error(all, name, asked, answer);
    }
  }

  private static void streamed(SoftAssertions all, Node node, String name, JsonNode asked) {
    Answer answer = node.post("/responses", request(name, asked, ",\"stream\":true"));
    if (asked.has("http")) {
      all.assertThat(answer.status())
          .as(name + ", streamed")
          .isEqualTo(asked.path("status").asInt());
      error(all, name + ", streamed", asked, answer);
      return;
    }
    all.assertThat(answer.status()).as(name + ", streamed").isEqualTo(200);
    asked
        .path("events")
        .forEach(type ->
            all.assertThat(answer.body()).as(name).contains("event: " + type.asString() + "\n"));
    JsonNode last = last(answer.body());
    all.assertThat(last.path("status").asString(""))
        .as(name + ", streamed")
        .isEqualTo(asked.has("status") ? "failed" : asked.has("end") ? "incomplete" : "completed");
    said(all, name + ", streamed", asked, last);
    if (asked.has("status")) {
      all.assertThat(last.at("/error/message").asString("")).as(name).contains(says(asked));
    }
  }

  private static JsonNode last(String stream) {
    int at = stream.lastIndexOf("data: {");
    return at < 0
        ? Json.mapper().createObjectNode()
        : Node.json(stream.substring(at + 6, stream.indexOf('\n', at))).path("response");
  }

  private static void error(SoftAssertions all, String name, JsonNode asked, Answer answer) {
    all.assertThat(answer.text("/error/message")).as(name).contains(says(asked));
    if (asked.has("code")) {
      all.assertThat(answer.text("/error/code")).as(name).isEqualTo(asked.path("code").asString());
    }
  }

  private static String says(JsonNode asked) {
    return asked.path("says").asString();
  }

  private static void said(SoftAssertions all, String name, JsonNode asked, JsonNode response) {
    StringBuilder reasoning = new StringBuilder();
    StringBuilder refusal = new StringBuilder();
    List<List<String>> calls = new ArrayList<>();
    for (JsonNode item : response.path("output")) {
      switch (item.path("type").asString()) {
        case "reasoning" ->
            item.path("content").forEach(part -> reasoning.append(part.path("text").asString("")));
        case "message" ->
            item.path("content").forEach(part -> refusal.append(part.path("refusal").asString("")));
        case "function_call" ->
            calls.add(List.of(item.path("name").asString(""), item.path("arguments").asString("")));
        default -> {}
      }
    }
    all.assertThat(response.path("output_text").asString(""))
        .as(name)
        .isEqualTo(asked.path("text").asString(""));
    all.assertThat(reasoning).as(name).hasToString(asked.path("reasoning").asString(""));
    all.assertThat(refusal).as(name).hasToString(asked.path("refusal").asString(""));
    all.assertThat(Json.tree(Json.bytes(calls)))
        .as(name)
        .isEqualTo(asked.has("calls") ? asked.path("calls") : Json.mapper().createArrayNode());
    all.assertThat(response.at("/incomplete_details/reason").asString(""))
        .as(name)
        .isEqualTo(asked.path("end").asString(""));
    if (asked.has("usage")) {
      all.assertThat(response.at("/usage/input_tokens")).as(name).isEqualTo(asked.at("/usage/0"));
      all.assertThat(response.at("/usage/output_tokens")).as(name).isEqualTo(asked.at("/usage/1"));
    } else if (!asked.has("status")) {
      all.assertThat(response.at("/usage/input_tokens").asInt(0)).as(name).isPositive();
    }
  }

  private static String request(String name, JsonNode asked, String more) {
    return "{\"model\":\"m\",\"input\":\"case:"
        + name
        + ":esac\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"},"
        + "{\"type\":\"function\",\"name\":\"g\"}"
        + asked.path("tools").valueStream().map(tool -> "," + tool).collect(Collectors.joining())
        + "]"
        + more
        + "}";
  }

  private static Map<String, JsonNode> cases(String file) throws IOException {
    Map<String, JsonNode> cases = new HashMap<>();
    try (InputStream in = EngineSweepTest.class.getResourceAsStream("/engines/" + file + ".jsonl");
        Stream<String> lines =
            new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).lines()) {
      lines.forEach(line -> {
        JsonNode one = Node.json(line);
        assertThat(cases.put(one.path("name").asString(), one)).isNull();
      });
    }
    return cases;
  }
}
