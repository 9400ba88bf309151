package antiphon.tools.mcp;

import static antiphon.testkit.mcp.McpTestServer.error;
import static antiphon.testkit.mcp.McpTestServer.result;
import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.tool.ToolSession;
import antiphon.protocol.item.McpListTools;
import antiphon.protocol.json.Json;
import antiphon.testkit.store.Await;
import antiphon.testkit.upstream.FakeUpstream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Servers of the old transport of events, and of the revision without sessions. */
@Timeout(60)
class McpOtherWaysTest {

  private static final String TOOLS =
      "{\"tools\":[{\"name\":\"say\",\"inputSchema\":{\"type\":\"object\"}}]}";
  private static final String SAID = "{\"content\":[{\"type\":\"text\",\"text\":\"said\"}]}";

  private static JsonNode message(FakeUpstream.Request request) {
    return Json.tree(request.body().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void withoutSessions() throws Exception {
    FakeUpstream.Script script =
        (request, answer) -> {
          JsonNode message = message(request);
          JsonNode id = message.path("id");
          String method = message.path("method").asString();
          boolean told =
              method.equals(request.headers().get("mcp-method"))
                  && "2026-07-28".equals(request.headers().get("mcp-protocol-version"))
                  && message
                      .path("params")
                      .path("_meta")
                      .has("io.modelcontextprotocol/clientCapabilities");
          switch (method) {
            case "initialize" -> answer.json(400, error(id, -32601, "Method not found"));
            case "server/discover" ->
                answer.json(
                    200,
                    result(id, "{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{}}"));
            case "tools/list" -> answer.json(told ? 200 : 400, result(id, TOOLS));
            case "tools/call" -> {
              boolean named = "say".equals(request.headers().get("mcp-name"));
              answer.stream().data(told && named ? result(id, SAID) : error(id, 1, "headers"));
            }
            default -> answer.status(400, "text/plain", "");
          }
        };
    try (FakeUpstream server = new FakeUpstream(script);
        Mcp mcp = new Mcp();
        ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session);
      assertThat(Mcp.item(Mcp.run(session, "srv__say", "{}")).output()).isEqualTo("said");
    }
  }

  /** Answers to POSTs come on the stream of the GET. */
  private static final class OldServer implements FakeUpstream.Script {

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final String endpoint;
    private volatile boolean answers = true;
    private volatile boolean cancelled;

    OldServer(String endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public void play(FakeUpstream.Request request, antiphon.testkit.upstream.Answer answer)
        throws java.io.IOException {
      if (request.method().equals("GET")) {
        answer.stream().raw("event: endpoint\ndata: " + endpoint + "\n\n");
        try {
          while (true) {
            String event = events.poll(10, java.util.concurrent.TimeUnit.MILLISECONDS);
            answer.raw(event == null ? ": ping\n\n" : "event: message\ndata: " + event + "\n\n");
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return;
      }
      if (!request.path().equals("/messages?s=1")) {
        answer.status(405, "text/plain", "");
        return;
      }
      JsonNode message = message(request);
      JsonNode id = message.path("id");
      switch (message.path("method").asString()) {
        case "initialize" ->
            events.add(result(id, "{\"protocolVersion\":\"2024-11-05\",\"capabilities\":{}}"));
        case "tools/list" -> events.add(result(id, TOOLS));
        case "tools/call" -> {
          if (answers) {
            events.add(result(id, SAID));
          }
        }
        case "notifications/cancelled" -> cancelled = true;
        default -> {}
      }
      answer.status(202, "text/plain", "Accepted");
    }
  }

  @Test
  void theOldTransport() throws Exception {
    OldServer old = new OldServer("/messages?s=1");
    try (FakeUpstream server = new FakeUpstream(old);
        Mcp mcp = new Mcp()) {
      try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
        Mcp.prepare(session);
        assertThat(Mcp.item(Mcp.run(session, "srv__say", "{}")).output()).isEqualTo("said");
        old.answers = false;
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        int before = server.requests().size();
        Thread run =
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    Mcp.run(session, "srv__say", "{}");
                  } catch (InterruptedException e) {
                    thrown.complete(e);
                  }
                });
        Await.until("the call is there", () -> server.requests().size() > before);
        run.interrupt();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        Await.until("the server is told", () -> old.cancelled);
      }
      Await.until("the stream is over", () -> server.gone() == 1);
    }
  }

  @Test
  void anEndpointElsewhereIsNotUsed() throws Exception {
    OldServer old = new OldServer("http://169.254.169.254/latest");
    try (FakeUpstream server = new FakeUpstream(old);
        Mcp mcp = new Mcp();
        ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      McpListTools list = (McpListTools) Mcp.prepare(session).items.getFirst();
      assertThat(list.error()).contains("HTTP 405");
    }
  }
}
