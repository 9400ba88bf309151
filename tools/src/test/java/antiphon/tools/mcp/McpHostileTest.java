package antiphon.tools.mcp;

import static antiphon.testkit.mcp.McpTestServer.result;
import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.net.AddressGuard;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.item.McpListTools;
import antiphon.testkit.mcp.McpTestServer;
import antiphon.testkit.store.Await;
import antiphon.testkit.upstream.Answer;
import antiphon.tools.mcp.client.McpLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class McpHostileTest {

  private static final McpLimits SHORT =
      new McpLimits(
          Duration.ofMillis(400), Duration.ofMillis(400), Duration.ofSeconds(2), 1 << 20, 4 << 20);

  private final McpTestServer server = new McpTestServer().echo();
  private final Mcp mcp = new Mcp(SHORT, Map.of());

  @AfterEach
  void close() {
    mcp.close();
    server.close();
  }

  private String called(McpTestServer.Handler handler) throws Exception {
    server.tool("bad", handler);
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session);
      ToolOutcome.Done done = Mcp.run(session, "srv__bad", "{}");
      return done.output() + " " + Mcp.item(done).status();
    }
  }

  @Test
  void hangsBeforeItAnswers() throws Exception {
    assertThat(called((_, answer) -> answer.hang())).contains("did not answer in time", "FAILED");
    Await.until("the server is told", () -> server.cancelled().size() == 1);
    assertThat(server.cancelled().getFirst().id()).isEqualTo(server.calls().getFirst().id());
  }

  @Test
  void hangsInMidStream() throws Exception {
    assertThat(called((_, answer) -> answer.chunked().chunk("{}").hang()))
        .contains("did not answer in time");
  }

  @Test
  void breathesWithoutAnEnd() throws Exception {
    assertThat(
            called((_, answer) -> {
              answer.stream();
              while (true) {
                answer.raw(": breath\n\n");
              }
            }))
        .containsAnyOf("did not answer in time", "more than an answer may have");
  }

  @Test
  void floodsAsJson() throws Exception {
    assertThat(
            called((_, answer) -> {
              answer.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
              flood(answer);
            }))
        .contains("more than 1024 KB");
  }

  @Test
  void floodsInOneLine() throws Exception {
    assertThat(
            called((_, answer) -> {
              answer.stream().raw("data: ");
              flood(answer);
            }))
        .contains("more than 1024 KB");
  }

  @Test
  void floodsWithManyLines() throws Exception {
    String line = "data: {\"jsonrpc\":\"2.0\",\"method\":\"x\"}\n\n".repeat(1000);
    assertThat(
            called((_, answer) -> {
              answer.stream();
              while (true) {
                answer.raw(line);
              }
            }))
        .containsAnyOf("did not answer in time", "more than an answer may have");
  }

  private static void flood(Answer answer) throws IOException {
    String much = "x".repeat(1 << 16);
    for (long sent = 0; sent < 1L << 30; sent += much.length()) {
      answer.raw(much);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "",
        "[]",
        "null",
        "17",
        "{}",
        "{\"jsonrpc\":\"2.0\",\"id\":999,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":2}",
        "[[[[[[[[[[",
        "{\"result\":17,\"id\":3}",
        "\u0000\u0001"
      })
  void answersNonsense(String body) throws Exception {
    assertThat(called((_, answer) -> answer.json(200, body))).contains("FAILED");
    assertThat(called((_, answer) -> answer.stream().data(body))).contains("FAILED");
  }

  @Test
  void breaksOffInMidCall() throws Exception {
    assertThat(called((_, answer) -> answer.chunked().chunk("{}").reset()))
        .contains("ended before it had answered");
    assertThat(called((_, answer) -> answer.reset())).contains("ended before it had answered");
    assertThat(called((_, answer) -> answer.stream().data("{}")))
        .contains("ended before it had answered");
    // A call that may have run is not made a second time.
    assertThat(server.calls()).hasSize(3);
  }

  @Test
  void aConnectionThatDiesWhileItIsKeptIsNoMatterForAList() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    server.on(
        "tools/list",
        (request, answer) -> {
          if (asked.getAndIncrement() == 0) {
            answer.reset();
          } else {
            answer.json(200, result(id(request.body()), "{\"tools\":[{\"name\":\"late\"}]}"));
          }
        });
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session);
      assertThat(session.functions()).hasSize(1);
      assertThat(asked.get()).isEqualTo(2);
    }
  }

  @Test
  void answersTwice() throws Exception {
    String done =
        called((call, answer) -> {
          String first = result(call.id(), "{\"content\":[{\"type\":\"text\",\"text\":\"1\"}]}");
          answer.stream().data(first, first.replace("\"1\"", "\"2\""));
        });
    assertThat(done).contains("text=1", "COMPLETED");
  }

  @Test
  void answersSeveralThingsAtOnce() throws Exception {
    String done =
        called((call, answer) ->
            answer.json(
                200,
                "[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}},"
                    + "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\"},"
                    + result(call.id(), "{\"content\":[{\"type\":\"text\",\"text\":\"1\"}]}")
                    + "]"));
    assertThat(done).contains("text=1");
    Await.until(
        "its ping is answered",
        () ->
            server.requests().stream()
                .anyMatch(r -> r.body().contains("\"id\":\"a\"") && r.body().contains("result")));
  }

  @Test
  void asksForWhatItCannotHave() throws Exception {
    String done =
        called((call, answer) ->
            answer.stream()
                .data(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sampling/createMessage\"}",
                    result(call.id(), "{\"content\":[]}")));
    assertThat(done).contains("COMPLETED");
    Await.until(
        "it is refused",
        () -> server.requests().stream().anyMatch(r -> r.body().contains("-32601")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1/mcp",
        "http://169.254.169.254/",
        "https://example.com/mcp",
        "http://localhost/mcp"
      })
  void redirectsElsewhere(String place) throws Exception {
    assertThat(called((_, answer) -> answer.status(307, "text/plain", "", "Location: " + place)))
        .contains("redirects to another place", "FAILED");
  }

  @Test
  void redirectsToItself() throws Exception {
    assertThat(
            called(
                (_, answer) -> answer.status(308, "text/plain", "", "Location: " + server.url())))
        .contains("redirects without an end");
    assertThat(server.calls()).hasSize(4);
  }

  @Test
  void namesLoopbackUnderAnotherName() throws Exception {
    AddressGuard guard =
        AddressGuard.strict()
            .resolving(_ -> new java.net.InetAddress[] {java.net.InetAddress.getLoopbackAddress()});
    String url = server.url().replace("127.0.0.1", "mcp.example");
    try (Mcp strict = new Mcp(SHORT, Map.of(), guard);
        ToolSession session = strict.open(Mcp.server("srv", url))) {
      McpListTools list = (McpListTools) Mcp.prepare(session).items.getFirst();
      assertThat(list.error()).contains("not on the public Internet", "mcp.example");
    }
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void listsWithoutAnEnd() throws Exception {
    for (String page :
        List.of("{\"tools\":[],\"nextCursor\":\"again\"}", "{\"tools\":[],\"nextCursor\":\"0\"}")) {
      server.on(
          "tools/list", (request, answer) -> answer.json(200, result(id(request.body()), page)));
      try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
        Sink sink = Mcp.prepare(session);
        assertThat(((McpListTools) sink.items.getFirst()).error()).contains("has no end");
        assertThat(sink.types()).contains("response.mcp_list_tools.failed");
        assertThat(session.functions()).isEmpty();
      }
    }
  }

  private static tools.jackson.databind.JsonNode id(String body) {
    return antiphon.protocol.json.Json.tree(body.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .path("id");
  }

  @Test
  void listsTooMuch() throws Exception {
    for (int i = 0; i < 1100; i++) {
      server.tool("t" + i, (_, answer) -> answer.hang());
    }
    server.pages(500);
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      McpListTools list = (McpListTools) Mcp.prepare(session).items.getFirst();
      assertThat(list.error()).contains("more than 1000 tools");
    }
  }

  @Test
  void hangsWhenItIsAskedForItsTools() throws Exception {
    server.on("tools/list", (_, answer) -> answer.hang());
    McpTestServer good = new McpTestServer().echo();
    try (ToolSession session =
        mcp.open(Mcp.server("bad", server.url()), Mcp.server("good", good.url()))) {
      assertThat(Mcp.prepare(session).items)
          .extracting(item -> ((McpListTools) item).error() == null)
          .containsExactly(false, true);
      assertThat(session.functions()).hasSize(1);
    }
    good.close();
  }

  @Test
  void longTextsAreCut() throws Exception {
    String text = "é".repeat(5000);
    assertThat(called((call, answer) -> McpTestServer.text(call, answer, text)))
        .contains("cut off: 4000 characters");
  }
}
