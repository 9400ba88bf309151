package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Engine;
import antiphon.core.engine.Piece;
import antiphon.core.engine.TurnResult;
import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.chat.ChatSettings;
import antiphon.engines.responses.ResponsesEngine;
import antiphon.engines.responses.ResponsesSettings;
import antiphon.engines.upstream.Limits;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.protocol.response.Usage;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.Await;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Script;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whole servers in front of engines over HTTP, good ones and bad ones. */
@Timeout(120)
class UpstreamLifeTest {

  private static final String STOP =
      "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";

  @TempDir Path folder;

  @Test
  void anyModelNameIsPassedOnToAnOnlyEngine() {
    try (FakeUpstream upstream =
            new FakeUpstream(
                (request, answer) -> answer.stream().data(text("Hello"), STOP, "[DONE]"));
        Node node = new Node(folder, chat(upstream.url()))) {
      Answer made = node.post("/responses", "{\"model\":\"org/any-name\",\"input\":\"Hi\"}");
      assertThat(made.status()).isEqualTo(200);
      assertThat(made.text("/output_text")).isEqualTo("Hello");
      assertThat(upstream.requests().getLast().body()).contains("\"model\":\"org/any-name\"");
    }
  }

  @ParameterizedTest
  @MethodSource("faults")
  void eachFaultEndsTheResponseAsFailed(Fault fault) {
    try (FakeUpstream upstream = new FakeUpstream(fault.script());
        Node node = new Node(folder, chat(upstream.url()))) {
      assertThat(node.post("/responses", request("")).status()).isEqualTo(fault.status());

      Answer streamed = node.post("/responses", request(",\"stream\":true"));
      if (fault.text().isEmpty()) {
        refusedAsHttpError(node, streamed, fault);
      } else {
        failedInTheStream(node, streamed.body(), fault);
      }

      Answer queued = node.post("/responses", request(",\"background\":true"));
      String id = queued.text("/id");
      Await.until(
          "the background response ends",
          () -> node.get("/responses/" + id).text("/status").equals("failed"));
      check(node.get("/responses/" + id).json(), fault);
    }
  }

  private static void failedInTheStream(Node node, String stream, Fault fault) {
    String last = stream.substring(stream.lastIndexOf("data: {") + 6);
    JsonNode failed = Node.json(last.substring(0, last.indexOf('\n'))).path("response");
    assertThat(stream).contains("event: response.failed");
    check(failed, fault);
    assertThat(node.get("/responses/" + failed.path("id").asString()).json()).isEqualTo(failed);
  }

  /** Before it has said anything: the streamed call is answered as the other one is. */
  private static void refusedAsHttpError(Node node, Answer answer, Fault fault) {
    assertThat(answer.status()).isEqualTo(fault.status());
    assertThat(answer.text("/error/message")).isNotEmpty();
    JsonNode kept = node.get("/responses").json().path("data");
    assertThat(kept).hasSize(2);
    kept.forEach(failed -> check(failed, fault));
    assertThat(kept.get(0).at("/error/message")).isEqualTo(kept.get(1).at("/error/message"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"stream\":true"})
  void aModelThatTheEngineDoesNotHaveIsNoModel(String more) {
    String error =
        "{\"object\":\"error\",\"message\":\"The model `m` does not exist.\",\"code\":404}";
    try (FakeUpstream upstream = new FakeUpstream((request, answer) -> answer.json(404, error));
        Node node = new Node(folder, chat(upstream.url()))) {
      Answer refused = node.post("/responses", request(more));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text("/error/code")).isEqualTo("model_not_found");
      assertThat(refused.text("/error/param")).isEqualTo("model");
    }
  }

  @Test
  void anEngineThatRefusesLateRefusesInTheStream() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    Script late =
        (request, answer) -> {
          if (awaitAll(told)) {
            answer.json(429, "{}");
          }
        };
    try (FakeUpstream upstream = new FakeUpstream(late);
        Node node = new Node(folder, patient(upstream.url()))) {
      HttpResponse<Stream<String>> streamed =
          HttpClient.newHttpClient()
              .send(
                  node.request("/responses")
                      .header("Content-Type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofString(request(",\"stream\":true")))
                      .build(),
                  HttpResponse.BodyHandlers.ofLines());
      assertThat(streamed.statusCode()).isEqualTo(200);
      told.countDown();
      assertThat(streamed.body()).contains("event: response.failed");
    }
  }

  @Test
  void anEngineThatHasTakenTheTurnOnBeginsTheStream() throws Exception {
    String created = "event: response.created";
    CountDownLatch heard = new CountDownLatch(1);
    Script thinking =
        (request, answer) -> {
          answer.stream();
          if (awaitAll(heard)) {
            answer.raw("error: too hot\n\n");
          }
        };
    try (FakeUpstream upstream = new FakeUpstream(thinking);
        Node node = new Node(folder, patient(upstream.url()))) {
      HttpResponse<Stream<String>> streamed =
          HttpClient.newHttpClient()
              .send(
                  node.request("/responses")
                      .header("Content-Type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofString(request(",\"stream\":true")))
                      .build(),
                  HttpResponse.BodyHandlers.ofLines());
      assertThat(streamed.statusCode()).isEqualTo(200);
      List<String> lines =
          streamed
              .body()
              .peek(line -> {
                if (line.equals(created)) {
                  heard.countDown();
                }
              })
              .toList();
      assertThat(lines).contains(created, "event: response.failed");
      assertThat(String.join("", lines)).contains("too hot");
    }
  }

  private static boolean awaitAll(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      return false;
    }
  }

  private static void check(JsonNode failed, Fault fault) {
    assertThat(failed.path("status").asString()).isEqualTo("failed");
    assertThat(failed.at("/error/code").asString()).isEqualTo(fault.code());
    assertThat(failed.at("/error/message").asString()).isNotEmpty();
    assertThat(failed.path("output_text").asString()).isEqualTo(fault.text());
  }

  @Test
  void aResponsesEngineIsPassedOneToOne() throws Exception {
    ScriptedEngine engine =
        new ScriptedEngine((turn, sink) -> {
          sink.accept(new Piece.ReasoningText("Hm."));
          sink.accept(new Piece.Text("I "));
          sink.accept(new Piece.Text("call."));
          sink.accept(new Piece.ToolCall(0, "call_1", "f", Piece.ToolCall.Kind.FUNCTION));
          sink.accept(new Piece.ToolCallDelta(0, "{}"));
          return new TurnResult(TurnResult.Reason.STOP, Usage.of(5, 6), turn.model());
        });
    try (Node inner = new Node(folder("inner"), engine);
        Node outer =
            new Node(
                folder("outer"),
                new ResponsesEngine(
                    ResponsesSettings.of(UpstreamSettings.at("up", inner.url(), inner.key())),
                    InstantSource.system()))) {
      String body =
          "{\"model\":\"scripted\",\"input\":\"Hi\",\"stream\":true,"
              + "\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]}";
      String theirs = inner.post("/responses", body).body();
      String ours = outer.post("/responses", body).body();
      assertThat(withoutIds(ours))
          .isEqualTo(
              withoutIds(theirs)
                  .replace("\"resolved_provider\":\"scripted\"", "\"resolved_provider\":\"up\""));
      assertThat(ours).contains("event: response.function_call_arguments.done");
    }
  }

  @Test
  void cancellingOursClosesTheirConnection() {
    ScriptedEngine engine =
        new ScriptedEngine((turn, sink) -> {
          sink.accept(new Piece.Text("so far"));
          Thread.sleep(Duration.ofMinutes(1));
          throw new IllegalStateException("not cancelled");
        });
    try (Node inner = new Node(folder("inner"), engine);
        Node outer =
            new Node(
                folder("outer"),
                new ResponsesEngine(
                    ResponsesSettings.of(UpstreamSettings.at("up", inner.url(), inner.key())),
                    InstantSource.system()))) {
      String id =
          outer
              .post("/responses", "{\"model\":\"scripted\",\"input\":\"x\",\"background\":true}")
              .text("/id");
      Await.until(
          "text", () -> outer.get("/responses/" + id).text("/output_text").equals("so far"));
      Answer cancelled = outer.post("/responses/" + id + "/cancel", null);
      assertThat(cancelled.text("/status")).isEqualTo("cancelled");
      assertThat(cancelled.text("/output_text")).isEqualTo("so far");
      Await.until("their turn is stopped", () -> engine.stopped() == 1);
    }
  }

  private Path folder(String name) {
    try {
      return Files.createDirectory(folder.resolve(name));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String withoutIds(String stream) {
    return stream
        .replaceAll("(resp|msg|rs|fc)_[a-z0-9]{20,}", "$1_")
        .replaceAll("\"(created|completed)_at\":\\d+", "\"$1_at\":0")
        .replaceAll("\"store\":(true|false)", "\"store\":0");
  }

  private static String request(String more) {
    return "{\"model\":\"m\",\"input\":\"Hi\"" + more + "}";
  }

  private static String text(String text) {
    return "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}";
  }

  private static Engine patient(String url) {
    return new ChatCompletionsEngine(
        ChatSettings.of(UpstreamSettings.at("up", url, null).with(Limits.DEFAULT.retrying(0))),
        InstantSource.system());
  }

  private static Engine chat(String url) {
    Limits limits =
        Limits.DEFAULT
            .within(Duration.ofSeconds(2), Duration.ofMillis(500), Duration.ofMillis(500))
            .retrying(0);
    return new ChatCompletionsEngine(
        ChatSettings.of(UpstreamSettings.at("up", url, null).with(limits)), InstantSource.system());
  }

  static List<Fault> faults() {
    String a = text("a");
    return List.of(
        fault("busy", 429, "", (request, answer) -> answer.json(429, "{}")),
        fault("down", 503, "", (request, answer) -> answer.json(500, "{}")),
        fault("silent", 504, "", (request, answer) -> answer.hang()),
        fault("garbage", 502, "a", (request, answer) -> answer.stream().data(a, "{{")),
        fault("stalled", 504, "a", (request, answer) -> answer.stream().data(a).hang()),
        fault("no end", 502, "a", (request, answer) -> answer.stream().data(a)),
        fault("cut", 502, "a", (request, answer) -> answer.chunked().chunk(a).raw("40\r\nda")),
        fault(
            "too long",
            400,
            "",
            (request, answer) ->
                answer.json(400, "{\"error\":{\"message\":\"maximum context length is 8\"}}")));
  }

  private static Fault fault(String name, int status, String text, Script script) {
    return new Fault(name, status, text, script);
  }

  /** What an engine does wrong, and what becomes of it. */
  record Fault(String name, int status, String text, Script script) {

    String code() {
      return switch (status) {
        case 429 -> "rate_limit_exceeded";
        case 400 -> "context_length_exceeded";
        default -> "server_error";
      };
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
