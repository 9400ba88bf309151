package antiphon.tools.mcp;

import static antiphon.testkit.mcp.McpTestServer.result;
import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolSession;
import antiphon.testkit.mcp.McpTestServer;
import antiphon.testkit.mcp.McpTestServer.Call;
import antiphon.testkit.store.Await;
import antiphon.tools.mcp.client.McpLimits;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that take long, break off, or are interrupted. */
@Timeout(60)
class McpLongCallsTest {

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
  void forgetsItsSession() throws Exception {
    server.tool(
        "once",
        (call, answer) -> {
          if ("session-1".equals(call.request().headers().get("mcp-session-id"))) {
            answer.status(404, "text/plain", "gone");
          } else {
            McpTestServer.text(call, answer, "again");
          }
        });
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session);
      assertThat(Mcp.item(Mcp.run(session, "srv__once", "{}")).output()).isEqualTo("again");
      assertThat(server.sessions()).isEqualTo(2);
    }
  }

  /** A call that says how far it is may take longer than one that is silent. */
  @Test
  void progressKeepsACallAlive() throws Exception {
    String done =
        called((call, answer) -> {
          String token = call.params().path("_meta").path("progressToken").toString();
          answer.chunked();
          for (int i = 0; i < 12; i++) {
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
            answer.chunk(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":"
                    + "{\"progressToken\":"
                    + token
                    + ",\"progress\":"
                    + i
                    + "}}");
          }
          answer.chunk(result(call.id(), "{\"content\":[{\"type\":\"text\",\"text\":\"k\"}]}"));
          answer.lastChunk();
        });
    assertThat(done).contains("text=k");
  }

  @Test
  void aStreamThatEndsEarlyIsTakenUpAgain() throws Exception {
    AtomicReference<Call> asked = new AtomicReference<>();
    server.on(
        "GET",
        (request, answer) -> {
          assertThat(request.headers()).containsEntry("last-event-id", "e1");
          answer.stream()
              .data(
                  result(
                      asked.get().id(), "{\"content\":[{\"type\":\"text\",\"text\":\"late\"}]}"));
        });
    String done =
        called((call, answer) -> {
          asked.set(call);
          answer.stream().raw("id: e1\nretry: 10\ndata:\n\n");
          answer.raw("id: e1\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"x\"}\n\n");
        });
    assertThat(done).contains("text=late");
    assertThat(server.calls()).hasSize(1);
  }

  @Test
  void anInterruptedCallIsOverAndTheServerIsTold() throws Exception {
    server.tool("slow", (_, answer) -> answer.chunked().hang());
    try (Mcp patient = new Mcp();
        ToolSession session = patient.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session);
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Thread run =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  Mcp.run(session, "srv__slow", "{}");
                  thrown.complete(new AssertionError("it was not interrupted"));
                } catch (InterruptedException | RuntimeException e) {
                  thrown.complete(e);
                }
              });
      Await.until("the call is there", () -> server.calls().size() == 1);
      run.interrupt();
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
      Await.until("the connection is over", () -> server.gone() == 1);
      Await.until("the server is told", () -> server.cancelled().size() == 1);
      assertThat(server.cancelled().getFirst().id()).isEqualTo(server.calls().getFirst().id());
      assertThat(server.cancelled().getFirst().request().headers())
          .containsEntry("mcp-session-id", "session-1");
    }
    Await.until("the session is ended", () -> server.deleted().size() == 1);
  }

  @Test
  void aListingThatIsInterruptedIsOver() throws Exception {
    server.on("tools/list", (_, answer) -> answer.chunked().hang());
    try (Mcp patient = new Mcp();
        ToolSession session =
            patient.open(Mcp.server("a", server.url()), Mcp.server("b", server.url()))) {
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Thread run =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  Mcp.prepare(session);
                } catch (Exception e) {
                  thrown.complete(e);
                }
              });
      Await.until(
          "both are asked",
          () ->
              server.requests().stream().filter(r -> r.body().contains("tools/list")).count() == 2);
      run.interrupt();
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
      Await.until("both connections are over", () -> server.gone() == 2);
    }
  }
}
