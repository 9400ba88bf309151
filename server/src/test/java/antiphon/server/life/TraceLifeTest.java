package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.trace.TraceScope;
import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.chat.ChatSettings;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.server.life.Node.Answer;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.mcp.McpTestServer;
import antiphon.testkit.store.Await;
import antiphon.testkit.upstream.FakeUpstream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The caller's trace goes along to whomever a response's run asks. */
class TraceLifeTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";
  private static final String HEADER = "00-" + TRACE + "-" + PARENT + "-01";

  @TempDir Path folder;

  private static Answer create(Node node, String body, String... headers) {
    HttpRequest.Builder request =
        node.request("/responses").header("Content-Type", "application/json");
    for (String header : headers) {
      request.header("traceparent", header);
    }
    return node.call(request.POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  private static void isChild(String header) {
    assertThat(header).matches("00-" + TRACE + "-[0-9a-f]{16}-01").doesNotContain(PARENT);
  }

  @Test
  void theEngineIsAskedInTheTrace() {
    String stop = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
    String text = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}";
    try (FakeUpstream upstream =
            new FakeUpstream((request, answer) -> answer.stream().data(text, stop, "[DONE]"));
        Node node =
            new Node(
                folder,
                new ChatCompletionsEngine(
                    ChatSettings.of(UpstreamSettings.at("up", upstream.url(), null)),
                    InstantSource.system()))) {
      for (String more : List.of("", ",\"stream\":true", ",\"background\":true")) {
        String body = "{\"model\":\"m\",\"input\":\"Hi\"" + more + "}";
        int before = turns(upstream).size();
        assertThat(create(node, body, HEADER).status()).isEqualTo(200);
        Await.until("a turn", () -> turns(upstream).size() > before);
        isChild(turns(upstream).get(before));

        assertThat(create(node, body).status()).isEqualTo(200);
        assertThat(create(node, body, HEADER.replace('f', 'F')).status()).isEqualTo(200);
        assertThat(create(node, body, HEADER, HEADER).status()).isEqualTo(200);
        Await.until("their turns", () -> turns(upstream).size() == before + 4);
        assertThat(turns(upstream).subList(before + 1, before + 4)).containsOnly("none");
      }
    }
  }

  private static List<String> turns(FakeUpstream upstream) {
    return upstream.requests().stream()
        .filter(request -> request.path().endsWith("/chat/completions"))
        .map(request -> request.headers().getOrDefault("traceparent", "none"))
        .toList();
  }

  @Test
  void toolsAreAskedInTheTrace() {
    Storage storage = Stores.sqlite(folder);
    ScriptedEngine engine = new ScriptedEngine(Script.call("srv__echo", "{\"text\":\"hello\"}"));
    try (McpTestServer server = new McpTestServer().echo();
        Node node = new Node(storage, engine, ReasoningSeal.fleeting(), LocalMcp.tools(storage))) {
      Answer done =
          create(
              node,
              """
              {"model":"auto","input":"x","tools":[{"type":"mcp","server_label":"srv",
                "server_url":"%s","require_approval":"never"}]}\
              """
                  .formatted(server.url()),
              HEADER);
      assertThat(done.text("/output_text")).isEqualTo("hello");
      isChild(server.calls().getFirst().request().headers().getOrDefault("traceparent", "none"));
      assertThat(
              server.requests().stream().filter(request -> request.body().contains("tools/list")))
          .isNotEmpty()
          .allSatisfy(request -> isChild(request.headers().getOrDefault("traceparent", "none")));
    }
  }

  @Test
  void aWebSocketsResponsesAreInTheTraceOfItsConnection() {
    List<String> asked = Collections.synchronizedList(new ArrayList<>());
    Script noted =
        (turn, sink) -> {
          asked.add(TraceScope.outgoing().orElse("none"));
          return Script.words("x").play(turn, sink);
        };
    try (Node node = new Node(folder, new ScriptedEngine(noted))) {
      WebSocket socket =
          node.client()
              .newWebSocketBuilder()
              .header("Authorization", "Bearer " + node.key())
              .header("traceparent", HEADER)
              .buildAsync(
                  URI.create(node.uri("/responses").toString().replaceFirst("http", "ws")),
                  new WebSocket.Listener() {})
              .join();
      var _ =
          socket
              .sendText("{\"type\":\"response.create\",\"model\":\"auto\",\"input\":\"x\"}", true)
              .join();
      Await.until("a turn", () -> asked.size() == 1);
      isChild(asked.getFirst());
      socket.abort();
    }
  }

  @Test
  void theTraceGoesOnWhenAnotherProcessGoesOn() {
    List<String> asked = Collections.synchronizedList(new ArrayList<>());
    Gate gate = new Gate(2);
    Script noted =
        (turn, sink) -> {
          asked.add(TraceScope.outgoing().orElse("none"));
          return gate.script().play(turn, sink);
        };
    String id;
    try (Node one = new Node(folder, new ScriptedEngine(noted))) {
      String body = "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}";
      id = create(one, body, HEADER).text("/id");
      Await.until("it runs", () -> asked.size() == 1);
    }
    gate.pass(2);
    try (Node other = new Node(folder, new ScriptedEngine(noted))) {
      Await.until("done", () -> other.get("/responses/" + id).text("/status").equals("completed"));
    }
    assertThat(asked).hasSize(2).allSatisfy(TraceLifeTest::isChild).doesNotHaveDuplicates();
  }
}
