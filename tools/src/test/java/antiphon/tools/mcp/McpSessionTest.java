package antiphon.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import antiphon.core.net.AddressGuard;
import antiphon.core.tool.ToolException;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.McpListTools;
import antiphon.protocol.item.McpTool;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.ToolChoice;
import antiphon.testkit.mcp.McpTestServer;
import antiphon.testkit.store.Await;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class McpSessionTest {

  private final McpTestServer server = new McpTestServer().echo();
  private final Mcp mcp = new Mcp();

  @AfterEach
  void close() {
    mcp.close();
    server.close();
  }

  @Test
  void listsToolsAndCallsOne() throws Exception {
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Sink sink = Mcp.prepare(session);
      assertThat(sink.types())
          .containsExactly(
              "response.mcp_list_tools.in_progress", "response.mcp_list_tools.completed");
      McpListTools list = (McpListTools) sink.items.getFirst();
      assertThat(list.tools()).extracting(McpTool::name).containsExactly("echo");
      assertThat(session.functions()).extracting(FunctionTool::name).containsExactly("srv__echo");
      ToolOutcome.Done done = Mcp.run(session, "srv__echo", "{\"text\":\"hi\"}");
      assertThat(done.output()).isEqualTo(new ToolOutput.Text("hi"));
      assertThat(Mcp.item(done).output()).isEqualTo("hi");
      assertThat(Mcp.item(done).status()).isEqualTo(ItemStatus.COMPLETED);
      assertThat(done.events().getFirst().numbered(7).type())
          .isEqualTo("response.mcp_call.completed");
    }
    Await.until("the session is ended", () -> server.deleted().equals(List.of("session-1")));
  }

  @Test
  void keepsTheListOfTheConversation() throws Exception {
    McpListTools kept;
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      kept = (McpListTools) Mcp.prepare(session).items.getFirst();
    }
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      assertThat(Mcp.prepare(session, kept).items).isEmpty();
      assertThat(session.functions()).hasSize(1);
      assertThat(server.lists()).isEqualTo(1);
      assertThat(Mcp.item(Mcp.run(session, "srv__echo", "{\"text\":\"a\"}")).output())
          .isEqualTo("a");
    }
  }

  @Test
  void aListThatBrokeOffIsAskedForAgain() throws Exception {
    Item begun;
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      begun = Mcp.prepare(session).begins.getFirst();
    }
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      assertThat(Mcp.prepare(session, begun).items).hasSize(1);
      assertThat(session.functions()).hasSize(1);
    }
  }

  @Test
  void aListOfSomeToolsIsNoneForOthers() throws Exception {
    server.tool("other", (call, answer) -> McpTestServer.text(call, answer, "o"));
    McpListTools kept;
    String only = "\"require_approval\":\"never\",\"allowed_tools\":[\"echo\"]";
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url(), only))) {
      kept = (McpListTools) Mcp.prepare(session).items.getFirst();
      assertThat(kept.tools()).extracting(McpTool::name).containsExactly("echo");
    }
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session, kept);
      assertThat(session.functions()).hasSize(2);
    }
    String read = "\"require_approval\":\"never\",\"allowed_tools\":{\"read_only\":true}";
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url(), read))) {
      Mcp.prepare(session);
      assertThat(session.functions()).extracting(FunctionTool::name).containsExactly("srv__echo");
    }
  }

  @Test
  void readsAllPages() throws Exception {
    IntStream.range(0, 25)
        .forEach(i -> server.tool("t" + i, (call, answer) -> McpTestServer.text(call, answer, "")));
    server.pages(4);
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session);
      assertThat(session.functions()).hasSize(26);
      assertThat(server.lists()).isEqualTo(7);
    }
  }

  @Test
  void obeysChangesOfTheTools() throws Exception {
    server.changing();
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session);
      Await.until("somebody listens", () -> server.listeners() == 1);
      assertThat(Mcp.prepare(session).items).isEmpty();
      server.tool("later", (call, answer) -> McpTestServer.text(call, answer, "l"));
      server.pushChange();
      Await.until("the list is another", () -> !prepared(session).items.isEmpty());
      assertThat(session.functions())
          .extracting(FunctionTool::name)
          .containsExactly("srv__echo", "srv__later");
    }
    Await.until("nobody listens", () -> server.listeners() == 0);
  }

  private static Sink prepared(ToolSession session) {
    try {
      return Mcp.prepare(session);
    } catch (InterruptedException | ToolException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aToolThatIsGoneIsNotOfferedAgain() throws Exception {
    server.tool("brief", (call, answer) -> McpTestServer.text(call, answer, ""));
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session);
      server.remove("brief");
      assertThat(Mcp.error(Mcp.run(session, "srv__brief", "{}"))).contains("Unknown tool");
      assertThat(Mcp.prepare(session).items).hasSize(1);
      assertThat(session.functions()).extracting(FunctionTool::name).containsExactly("srv__echo");
    }
  }

  @Test
  void argumentsThatDoNotFitComeBackWithTheSchema() throws Exception {
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session);
      for (String wrong : List.of("{}", "{\"text\":1}", "[1]", "nonsense", "\"text\"")) {
        String error = Mcp.error(Mcp.run(session, "srv__echo", wrong));
        assertThat(error).as(wrong).contains("do not fit", "\"required\":[\"text\"]");
      }
    }
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void aFailureOfTheToolIsTheModelsToSee() throws Exception {
    server.tool(
        "bad",
        (call, answer) ->
            answer.json(
                200,
                McpTestServer.result(
                    call.id(),
                    "{\"isError\":true,\"content\":[{\"type\":\"text\",\"text\":\"no disk\"}]}")));
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session);
      ToolOutcome.Done done = Mcp.run(session, "srv__bad", "{}");
      assertThat(Mcp.error(done)).isEqualTo("no disk");
      assertThat(Mcp.item(done).output()).isNull();
      assertThat(done.output()).isEqualTo(new ToolOutput.Text("no disk"));
      assertThat(done.events().getFirst().numbered(1).type()).isEqualTo("response.mcp_call.failed");
    }
  }

  @Test
  void picturesAreParts() throws Exception {
    server.tool(
        "look",
        (call, answer) ->
            answer.json(
                200,
                McpTestServer.result(
                    call.id(),
                    """
                    {"content":[{"type":"text","text":"see"},
                     {"type":"image","mimeType":"image/png","data":"aGk="},
                     {"type":"image","mimeType":"image/svg+xml","data":"aGk="},
                     {"type":"resource","resource":{"uri":"f:1","mimeType":"text/plain","text":"doc"}},
                     {"type":"resource_link","uri":"f:2","name":"two"}]}\
                    """)));
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session);
      ToolOutcome.Done done = Mcp.run(session, "srv__look", "{}");
      ToolOutput.Parts parts = (ToolOutput.Parts) done.output();
      assertThat(parts.parts()).hasSize(2);
      assertThat(((InputImage) parts.parts().get(1)).imageUrl())
          .isEqualTo("data:image/png;base64,aGk=");
      assertThat(Mcp.item(done).output())
          .contains("see", "[image image/png]", "svg", "doc", "[resource f:2 two]")
          .doesNotContain("aGk=");
    }
  }

  @Test
  void theHeadersOfTheRequestReachTheServerAndNobodyElse() throws Exception {
    String secret =
        "\"require_approval\":\"never\",\"authorization\":\"s3cr3t\",\"headers\":{\"X-Key\":\"k\"}";
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url(), secret))) {
      Mcp.prepare(session);
    }
    assertThat(server.requests())
        .allSatisfy(request -> {
          assertThat(request.headers()).containsEntry("authorization", "Bearer s3cr3t");
          assertThat(request.headers()).containsEntry("x-key", "k");
        });
    assertThat(server.requests().getFirst().headers()).doesNotContainKey("mcp-session-id");
    assertThat(server.requests().get(2).headers())
        .containsEntry("mcp-session-id", "session-1")
        .containsEntry("mcp-protocol-version", "2025-11-25");
  }

  @Test
  void registeredServersAreReachedWhereverTheyAre() throws Exception {
    McpSettings.Registered registered =
        new McpSettings.Registered(
            server.url(), Map.of("X-A", "a"), Set.of("acme"), Map.of("c1", "t0k3n"), null);
    try (Mcp strict = new Mcp(Mcp.LIMITS, Map.of("crm", registered), AddressGuard.strict());
        ToolSession session =
            strict.open(
                "{\"type\":\"mcp\",\"mcp_server_id\":\"crm\",\"mcp_credential_id\":\"c1\"}")) {
      Mcp.prepare(session);
      assertThat(session.functions()).extracting(FunctionTool::name).containsExactly("crm__echo");
      assertThat(server.requests().getFirst().headers())
          .containsEntry("authorization", "Bearer t0k3n")
          .containsEntry("x-a", "a");
      // The same address from a request is not.
      try (ToolSession other = strict.open(Mcp.server("srv", server.url()))) {
        McpListTools failed = (McpListTools) Mcp.prepare(other).items.getFirst();
        assertThat(failed.error()).contains("not on the public Internet");
      }
    }
    assertThat(registered.toString()).doesNotContain("t0k3n");
  }

  @Test
  void choicesMeanItsFunctions() throws Exception {
    server.tool("other", (call, answer) -> McpTestServer.text(call, answer, ""));
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session);
      assertThat(session.chosen(new ToolChoice.Mcp("srv", null)))
          .containsExactly("srv__echo", "srv__other");
      assertThat(session.chosen(new ToolChoice.Mcp("srv", "other"))).containsExactly("srv__other");
      assertThat(session.chosen(new ToolChoice.Mcp("no", null))).isEmpty();
      assertThat(session.chosen(new ToolChoice.Function("f"))).isEmpty();
      assertThat(
              session.chosen(
                  new ToolChoice.Allowed(
                      ToolChoice.Mode.AUTO,
                      List.of(new ToolChoice.AllowedTool("mcp", "echo", "srv", Map.of())))))
          .containsExactly("srv__echo");
    }
  }

  @Test
  void aForcedServerThatIsNotThereFailsTheResponse() throws Exception {
    server.on("tools/list", (_, answer) -> answer.status(500, "text/plain", "x"));
    var request =
        Mcp.request(
            "[" + Mcp.server("srv", server.url()) + "]",
            "{\"type\":\"mcp\",\"server_label\":\"srv\"}");
    try (ToolSession session = mcp.open("resp_1", request)) {
      assertThatExceptionOfType(ToolException.class).isThrownBy(() -> Mcp.prepare(session));
    }
  }

  @Test
  void hintsDecideWhatMayBeRepeated() throws Exception {
    server.tool("plain", (call, answer) -> McpTestServer.text(call, answer, ""));
    server.tool(
        "idem", "{}", "{\"idempotentHint\":true}", (call, a) -> McpTestServer.text(call, a, ""));
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url()))) {
      Mcp.prepare(session);
      assertThat(session.repeatable(Mcp.call("srv__echo", "{}"))).isTrue();
      assertThat(session.repeatable(Mcp.call("srv__idem", "{}"))).isTrue();
      assertThat(session.repeatable(Mcp.call("srv__plain", "{}"))).isFalse();
      assertThat(session.repeatable(Mcp.call("gone", "{}"))).isFalse();
    }
  }

  @Test
  void fiftyServersOnOneRequest() throws Exception {
    String[] tools =
        IntStream.range(0, 50)
            .mapToObj(i -> Mcp.server("s" + i, server.url()))
            .toArray(String[]::new);
    try (ToolSession session = mcp.open(tools)) {
      Sink sink = Mcp.prepare(session);
      assertThat(sink.items).hasSize(50);
      assertThat(session.functions()).hasSize(50);
      assertThat(Mcp.item(Mcp.run(session, "s49__echo", "{\"text\":\"z\"}")).output())
          .isEqualTo("z");
    }
    Await.until("sessions are ended", () -> server.deleted().size() == 50);
  }
}
