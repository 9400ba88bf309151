package antiphon.engines.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.Piece;
import antiphon.core.engine.TurnResult;
import antiphon.core.response.Problem;
import antiphon.core.response.Problem.Engine.Kind;
import antiphon.engines.upstream.Limits;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Usage;
import antiphon.testkit.store.Await;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Script;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(30)
final class ResponsesEngineTest {

  private static final String ADDED =
      "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":"
          + "{\"id\":\"msg_theirs\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[]}}";
  private static final String DELTA =
      "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"content_index\":0,"
          + "\"item_id\":\"msg_theirs\",\"delta\":\"hi\"}";
  private static final String UNKNOWN =
      "{\"type\":\"response.surprise\",\"output_index\":0,\"item_id\":\"msg_theirs\",\"x\":1}";
  private static final String COMPLETED =
      "{\"type\":\"response.completed\",\"response\":{\"model\":\"served\",\"status\":\"completed\","
          + "\"usage\":{\"input_tokens\":3,\"output_tokens\":4,\"total_tokens\":7,"
          + "\"output_tokens_details\":{\"reasoning_tokens\":2}}}}";

  @Test
  void passesEventsOnAndBeginsPartsThatTheEngineForgot() throws Exception {
    try (FakeUpstream upstream =
            new FakeUpstream((request, answer) ->
                answer.stream().data(ADDED, DELTA, UNKNOWN, COMPLETED).hang());
        ResponsesEngine engine = engine(upstream, false)) {
      Heard heard = new Heard();
      TurnResult result = engine.generate(Turns.hello(), heard);
      assertThat(result)
          .isEqualTo(new TurnResult(TurnResult.Reason.STOP, Usage.of(3, 0, 4, 2), "served"));
      assertThat(types(heard))
          .containsExactly(
              "response.output_item.added",
              "response.content_part.added",
              "response.output_text.delta",
              "response.surprise");
      Await.until("the connection is closed", () -> upstream.gone() == 1);
    }
  }

  @Test
  void sendsTheConversationAndKeepsStateHere() throws Exception {
    JsonNode body =
        sent(
            false,
            """
            {"model":"m","instructions":"Be brief.","store":true,"background":true,
             "metadata":{"a":"b"},"service_tier":"flex","top_k":5,"extra_body":{"x":1},
             "tools":[{"type":"function","name":"f","strict":false}],
             "text":{"format":{"type":"json_object"}},
             "input":[{"type":"message","id":"msg_1","role":"user","content":"hello"},
              {"type":"reasoning","id":"rs_1","summary":[]},
              {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{}"},
              {"type":"function_call_output","id":"fco_1","call_id":"c1","output":"ok"}]}
            """);
    assertThat(body)
        .isEqualTo(
            tree(
                """
                {"model":"m","instructions":"Be brief.","store":false,"stream":true,
                 "top_k":5,"x":1,
                 "tools":[{"type":"function","name":"f","strict":false,
                  "parameters":{"type":"object","properties":{}}}],
                 "text":{"format":{"type":"json_object"}},
                 "input":[{"type":"message","role":"user","content":"hello"},
                  {"type":"reasoning","id":"rs_1","summary":[]},
                  {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{}"},
                  {"type":"function_call_output","call_id":"c1","output":"ok"}]}
                """));
  }

  @Test
  void asksForEncryptedReasoningAndGivesOnlyThatBack() throws Exception {
    JsonNode body =
        sent(
            true,
            """
            {"model":"m","input":[{"type":"reasoning","id":"rs_1","summary":[]},
             {"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"e"}]}
            """);
    assertThat(body)
        .isEqualTo(
            tree(
                """
                {"model":"m","store":false,"stream":true,"include":["reasoning.encrypted_content"],
                 "input":[{"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"e"}]}
                """));
  }

  @Test
  void takesAResponseThatIsNotStreamed() throws Exception {
    String response =
        "{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"},"
            + "\"output\":[{\"type\":\"message\",\"id\":\"x\",\"role\":\"assistant\","
            + "\"content\":[]}]}";
    try (FakeUpstream upstream = new FakeUpstream((request, answer) -> answer.json(200, response));
        ResponsesEngine engine = engine(upstream, false)) {
      Heard heard = new Heard();
      assertThat(engine.generate(Turns.hello(), heard).reason())
          .isEqualTo(TurnResult.Reason.LENGTH);
      assertThat(types(heard))
          .containsExactly("response.output_item.added", "response.output_item.done");
    }
  }

  @Test
  void itsOwnToolsRunThereAndTheirItemsPassWhole() throws Exception {
    String begun =
        "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":"
            + "{\"id\":\"ws_1\",\"type\":\"web_search_call\",\"status\":\"in_progress\",\"x\":1}}";
    String searching =
        "{\"type\":\"response.web_search_call.searching\",\"output_index\":0,"
            + "\"item_id\":\"ws_1\",\"y\":2}";
    String done = begun.replace("added", "done").replace("in_progress", "completed");
    try (FakeUpstream upstream =
            new FakeUpstream(
                (request, answer) -> answer.stream().data(begun, searching, done, COMPLETED));
        ResponsesEngine engine =
            new ResponsesEngine(
                new ResponsesSettings(
                    UpstreamSettings.at("test", upstream.url(), null)
                        .with(Limits.DEFAULT.retrying(0)),
                    false,
                    Set.of("web_search"),
                    Set.of("user"),
                    Map.of("top_k", "k"),
                    Map.of()),
                InstantSource.system())) {
      var turn =
          Turns.of(
              "{\"model\":\"m\",\"input\":\"x\",\"user\":\"u\",\"top_k\":3,"
                  + "\"tools\":[{\"type\":\"web_search\"},{\"type\":\"file_search\","
                  + "\"vector_store_ids\":[\"v\"]}]}");
      var tools = Objects.requireNonNull(turn.request().tools());
      assertThat(engine.runs(tools.getFirst())).isTrue();
      assertThat(engine.runs(tools.getLast())).isFalse();
      Heard heard = new Heard();
      engine.generate(turn, heard);
      List<JsonNode> events =
          heard.pieces().stream().map(piece -> (JsonNode) ((Piece.Event) piece).event()).toList();
      assertThat(events).hasSize(3);
      assertThat(events.get(0).at("/item/x").asInt()).isEqualTo(1);
      assertThat(events.get(1).path("y").asInt()).isEqualTo(2);
      assertThat(events.get(2).at("/item/status").asString()).isEqualTo("completed");
      JsonNode body = tree(upstream.requests().getFirst().body());
      assertThat(body.has("user")).isFalse();
      assertThat(body.path("k").asInt()).isEqualTo(3);
      assertThat(body.path("tools")).hasSize(1);
      assertThat(body.at("/tools/0/type").asString()).isEqualTo("web_search");
    }
  }

  @Test
  void azureHasAQueryAndAKeyHeader() throws Exception {
    try (FakeUpstream upstream =
            new FakeUpstream((asked, answer) -> answer.stream().data(COMPLETED));
        ResponsesEngine engine =
            new ResponsesEngine(
                ResponsesSettings.of(
                    UpstreamSettings.at(
                            "test", upstream.url() + "/x/?api-version=2026-01-01", "secret")
                        .keyIn("api-key")),
                InstantSource.system())) {
      engine.generate(Turns.hello(), new Heard());
      var request = upstream.requests().getFirst();
      assertThat(request.path()).isEqualTo("/v1/x/responses?api-version=2026-01-01");
      assertThat(request.headers()).containsEntry("api-key", "secret");
      assertThat(request.headers()).doesNotContainKey("authorization");
    }
  }

  @Test
  void faults() {
    assertThat(failure((request, answer) -> answer.stream().data(ADDED, DELTA)))
        .isEqualTo(broken("ended its answer without a terminal event"));
    assertThat(failure((request, answer) -> answer.stream().data("{\"x\":1}")))
        .isEqualTo(broken("ended its answer without a terminal event"));
    assertThat(
            failure((request, answer) ->
                answer.stream()
                    .data(
                        "{\"type\":\"response.failed\",\"response\":{\"error\":"
                            + "{\"code\":\"server_error\",\"message\":\"burnt\"}}}")))
        .isEqualTo(broken("broke off with an error: burnt"));
    assertThat(
            failure((request, answer) ->
                answer.stream()
                    .data(
                        "{\"type\":\"error\",\"code\":\"rate_limit_exceeded\","
                            + "\"message\":\"slow down\"}")))
        .isEqualTo(
            new Problem.Engine(
                Kind.RATE_LIMITED, "The engine 'test' broke off with an error: slow down", null));
  }

  private static Problem broken(String what) {
    return new Problem.Engine(Kind.BROKEN, "The engine 'test' " + what, null);
  }

  private static Problem failure(Script script) {
    try (FakeUpstream upstream = new FakeUpstream(script);
        ResponsesEngine engine = engine(upstream, false)) {
      EngineException failed =
          catchThrowableOfType(
              EngineException.class, () -> engine.generate(Turns.hello(), new Heard()));
      if (failed == null) {
        throw new AssertionError("the turn did not fail");
      }
      return failed.problem();
    }
  }

  private static JsonNode sent(boolean encryptedReasoning, String request) throws Exception {
    try (FakeUpstream upstream =
            new FakeUpstream((asked, answer) -> answer.stream().data(COMPLETED));
        ResponsesEngine engine = engine(upstream, encryptedReasoning)) {
      engine.generate(Turns.of(request), new Heard());
      assertThat(upstream.requests().getFirst().path()).isEqualTo("/v1/responses");
      return tree(upstream.requests().getFirst().body());
    }
  }

  private static ResponsesEngine engine(FakeUpstream upstream, boolean encryptedReasoning) {
    Limits limits =
        Limits.DEFAULT
            .within(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5))
            .retrying(0);
    return new ResponsesEngine(
        new ResponsesSettings(
            UpstreamSettings.at("test", upstream.url(), null).with(limits), encryptedReasoning),
        InstantSource.system());
  }

  private static JsonNode tree(String json) {
    return Json.tree(json.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> types(Heard heard) {
    return heard.pieces().stream()
        .map(piece -> ((Piece.Event) piece).event().path("type").asString())
        .toList();
  }
}
