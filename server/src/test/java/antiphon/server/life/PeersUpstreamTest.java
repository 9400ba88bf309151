package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Engine;
import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.chat.ChatSettings;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Script;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** docs/peers.md: what other servers get wrong between themselves and an engine over HTTP. */
@Timeout(120)
class PeersUpstreamTest {

  /** As many as the peers were measured with. */
  private static final int CANCELS = 56;

  /** More than a server's pool of threads has in any of the peers. */
  private static final int HANGING = 100;

  private static final String STOP =
      "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
  private static final Script GOOD =
      (request, answer) -> answer.stream().data(text("fine"), STOP, "[DONE]");
  private static final Script HANGS = (request, answer) -> answer.stream().data(text("a")).hang();

  @TempDir Path folder;

  @Test
  void everyCancelIsFinalAndStopsItsCallUpstream() {
    try (FakeUpstream upstream = new FakeUpstream(HANGS);
        Node node = new Node(folder, chat(upstream))) {
      List<String> paths =
          IntStream.range(0, CANCELS)
              .mapToObj(i -> node.post("/responses", request(",\"background\":true")).text("/id"))
              .map(id -> "/responses/" + id)
              .toList();
      Await.until(
          "text in each",
          () -> paths.stream().allMatch(path -> node.get(path).text("/output_text").equals("a")));
      List<CompletableFuture<Answer>> all =
          paths.stream()
              .map(path -> CompletableFuture.supplyAsync(() -> node.post(path + "/cancel", null)))
              .toList();
      List<Answer> first = all.stream().map(CompletableFuture::join).toList();
      Await.until("every call is closed", () -> upstream.gone() == CANCELS);
      for (int i = 0; i < CANCELS; i++) {
        assertThat(first.get(i).text("/status")).isEqualTo("cancelled");
        assertThat(node.post(paths.get(i) + "/cancel", null).body()).isEqualTo(first.get(i).body());
        assertThat(node.get(paths.get(i)).body()).isEqualTo(first.get(i).body());
      }
      assertThat(upstream.requests()).as("none is made again").hasSize(CANCELS);
    }
  }

  @Test
  void aCutStreamKeepsEveryTokenAndIsNoCompletion() {
    Script cut =
        (request, answer) -> {
          answer.chunked();
          for (int i = 0; i < 20; i++) {
            answer.chunk(text("w" + i + " "));
          }
          answer.raw("40\r\nda");
        };
    try (FakeUpstream upstream = new FakeUpstream(cut);
        Node node = new Node(folder, chat(upstream))) {
      List<JsonNode> events = events(node.post("/responses", request(",\"stream\":true")).body());
      StringBuilder text = new StringBuilder();
      events.stream()
          .filter(event -> type(event).equals("response.output_text.delta"))
          .forEach(event -> text.append(event.at("/delta").asString()));
      String whole = String.join("", IntStream.range(0, 20).mapToObj(i -> "w" + i + " ").toList());
      assertThat(text).hasToString(whole);
      assertThat(type(events.getLast())).isEqualTo("response.failed");
      JsonNode kept =
          node.get("/responses/" + events.getLast().at("/response/id").asString()).json();
      assertThat(kept.at("/status").asString()).isEqualTo("failed");
      assertThat(kept.at("/output_text").asString()).isEqualTo(whole);
      assertThat(kept.at("/output/0/status").asString()).isEqualTo("incomplete");
    }
  }

  @Test
  void anEngineThatIsBrokenOrBusyIsAskedAgain() {
    Script broken = (request, answer) -> answer.json(500, "{}");
    Script busy = (request, answer) -> answer.json(429, "{}", "Retry-After: 0");
    try (FakeUpstream upstream = new FakeUpstream(broken, busy, GOOD);
        Node node = new Node(folder, chat(upstream))) {
      Answer made = node.post("/responses", request(""));
      assertThat(made.status()).isEqualTo(200);
      assertThat(made.text("/output_text")).isEqualTo("fine");
      assertThat(upstream.requests()).hasSize(3);
    }
  }

  @Test
  void manyCallsThatHangFreezeNothing() {
    Script hangs =
        (request, answer) -> {
          if (request.body().contains("quick")) {
            GOOD.play(request, answer);
          } else {
            answer.hang();
          }
        };
    try (FakeUpstream upstream = new FakeUpstream(hangs);
        Node node = new Node(folder, chat(upstream), HANGING + 8)) {
      List<CompletableFuture<HttpResponse<String>>> waiting =
          IntStream.range(0, HANGING).mapToObj(i -> send(node, request(""))).toList();
      Await.until("all hang", () -> upstream.requests().size() == HANGING);
      for (String path : List.of("/health/live", "/health/ready", "/v1/responses")) {
        HttpRequest asked =
            node.request("")
                .uri(URI.create(node.url().replace("/v1", "") + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        assertThat(node.call(asked).status()).as(path).isEqualTo(200);
      }
      String quick = "{\"model\":\"m\",\"input\":\"quick\"}";
      assertThat(node.post("/responses", quick).text("/output_text")).isEqualTo("fine");
      assertThat(waiting).noneMatch(CompletableFuture::isDone);
    }
  }

  @Test
  void aSchemaReachesTheEngine() {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},"
            + "\"required\":[\"a\"],\"additionalProperties\":false}";
    String format = "\"name\":\"n\",\"strict\":true,\"schema\":" + schema;
    try (FakeUpstream upstream = new FakeUpstream(GOOD);
        Node node = new Node(folder, chat(upstream))) {
      Answer made =
          node.post(
              "/responses",
              request(",\"text\":{\"format\":{\"type\":\"json_schema\"," + format + "}}"));
      assertThat(made.status()).isEqualTo(200);
      JsonNode sent = Node.json(upstream.requests().getLast().body()).at("/response_format");
      assertThat(sent)
          .isEqualTo(Node.json("{\"type\":\"json_schema\",\"json_schema\":{" + format + "}}"));
    }
  }

  @Test
  void aModelThatAlwaysCallsIsAskedOnceForEachRequest() {
    try (FakeUpstream upstream = new FakeUpstream(calls());
        Node node = new Node(folder, chat(upstream))) {
      Answer made = node.post("/responses", request(",\"max_tool_calls\":2," + TOOLS));
      assertThat(made.text("/output/0/type")).isEqualTo("function_call");
      assertThat(made.text("/status")).isEqualTo("completed");
      assertThat(upstream.requests()).hasSize(1);
    }
  }

  /** Given with its request, an approval is for a tool that an engine of this kind cannot call. */
  @Test
  void anApprovalThatTheEngineCannotTakeIsRefused() {
    String input =
        "[{\"type\":\"mcp_approval_request\",\"id\":\"mcpr_1\",\"name\":\"f\",\"arguments\":\"{}\","
            + "\"server_label\":\"s\"},{\"type\":\"mcp_approval_response\","
            + "\"approval_request_id\":\"mcpr_1\",\"approve\":true}]";
    try (FakeUpstream upstream = new FakeUpstream(GOOD);
        Node node = new Node(folder, chat(upstream))) {
      Answer refused = node.post("/responses", "{\"model\":\"m\",\"input\":" + input + "}");
      assertThat(refused.status()).as(refused.body()).isEqualTo(400);
      assertThat(refused.text("/error/param")).startsWith("input");
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @Test
  void argumentsComeInDeltasAndAsAWhole() {
    try (FakeUpstream upstream = new FakeUpstream(calls());
        Node node = new Node(folder, chat(upstream))) {
      List<JsonNode> events =
          events(node.post("/responses", request(",\"stream\":true," + TOOLS)).body());
      assertThat(events.stream().map(PeersUpstreamTest::type))
          .containsExactly(
              "response.created",
              "response.in_progress",
              "response.output_item.added",
              "response.function_call_arguments.delta",
              "response.function_call_arguments.delta",
              "response.function_call_arguments.done",
              "response.output_item.done",
              "response.completed");
      assertThat(events.get(5).at("/arguments").asString()).isEqualTo("{\"a\":1}");
    }
  }

  private static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}]";

  private static Script calls() {
    return (request, answer) ->
        answer.stream()
            .data(
                call("\"id\":\"call_1\",\"type\":\"function\",", "\"name\":\"f\",", "{\\\"a\\\""),
                call("", "", ":1}"),
                STOP.replace("\"stop\"", "\"tool_calls\""),
                "[DONE]");
  }

  private static String call(String head, String name, String arguments) {
    return "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,"
        + head
        + "\"function\":{"
        + name
        + "\"arguments\":\""
        + arguments
        + "\"}}]}}]}";
  }

  /** A stream's events, each checked to have its own name on its event line and its number. */
  static List<JsonNode> events(String stream) {
    List<String> blocks =
        stream.lines().filter(line -> !line.isEmpty() && !line.startsWith(":")).toList();
    assertThat(blocks.getLast()).isEqualTo("data: [DONE]");
    List<JsonNode> events =
        IntStream.range(0, blocks.size() / 2)
            .mapToObj(i -> Node.json(blocks.get(2 * i + 1).substring("data: ".length())))
            .toList();
    for (int i = 0; i < events.size(); i++) {
      assertThat(blocks.get(2 * i)).isEqualTo("event: " + type(events.get(i)));
      assertThat(events.get(i).at("/sequence_number").asInt(-1)).isEqualTo(i);
    }
    return events;
  }

  private static String type(JsonNode event) {
    return event.at("/type").asString();
  }

  private static CompletableFuture<HttpResponse<String>> send(Node node, String body) {
    HttpRequest request =
        node.request("/responses")
            .timeout(Duration.ofMinutes(2))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return node.client().sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String request(String more) {
    return "{\"model\":\"m\",\"input\":\"Hi\"" + more + "}";
  }

  private static String text(String text) {
    return "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}";
  }

  private static Engine chat(FakeUpstream upstream) {
    // Told its models, it does not ask for them: every request that comes in is a turn.
    return new ChatCompletionsEngine(
        ChatSettings.of(
            UpstreamSettings.at("up", upstream.url(), null)
                .serving(List.of("m"))
                .atOnce(HANGING + 8)),
        InstantSource.system());
  }
}
