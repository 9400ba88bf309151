package antiphon.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.McpApprovalRequest;
import antiphon.protocol.item.McpApprovalResponse;
import antiphon.protocol.item.ToolOutput;
import antiphon.testkit.mcp.McpTestServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that need the leave of the client. */
class McpApprovalTest {

  private final McpTestServer server = new McpTestServer().echo();
  private final Mcp mcp = new Mcp();

  @AfterEach
  void close() {
    mcp.close();
    server.close();
  }

  @Test
  void asksForLeaveUnlessToldOtherwise() throws Exception {
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url(), "\"headers\":{}"))) {
      Mcp.prepare(session);
      assertThat(session.show("srv__echo").prefix()).isEqualTo("mcpr");
      assertThat(session.show("srv__echo").early()).isFalse();
      ToolOutcome outcome = session.run(Mcp.call("srv__echo", "{\"text\":\"hi\"}"), _ -> {});
      McpApprovalRequest asked = (McpApprovalRequest) ((ToolOutcome.AsksClient) outcome).item();
      assertThat(asked.id()).isEqualTo("mcp_1");
      assertThat(asked.name()).isEqualTo("echo");
      assertThat(asked.arguments()).isEqualTo("{\"text\":\"hi\"}");
      assertThat(server.calls()).isEmpty();
    }
  }

  @Test
  void leaveMayDependOnTheTool() throws Exception {
    server.tool("write", (call, answer) -> McpTestServer.text(call, answer, ""));
    String rule =
        "\"require_approval\":{\"never\":{\"read_only\":true},\"always\":{\"tool_names\":[\"x\"]}}";
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url(), rule))) {
      Mcp.prepare(session);
      assertThat(session.show("srv__echo").prefix()).isEqualTo("mcp");
      assertThat(session.show("srv__write").prefix()).isEqualTo("mcpr");
    }
  }

  @Test
  void leaveIsGoodForOneCall() throws Exception {
    McpApprovalRequest asked =
        new McpApprovalRequest("mcpr_7", "{\"text\":\"hi\"}", "echo", "srv", Map.of());
    McpApprovalResponse granted = new McpApprovalResponse(null, "mcpr_7", true, null, Map.of());
    List<Item> conversation = List.of(asked, granted);
    String tool = Mcp.server("srv", server.url(), "\"headers\":{}");
    ToolSession.DueCall due;
    try (ToolSession session = mcp.open("resp_1", Mcp.request(tool))) {
      Mcp.prepare(session);
      due = session.due(conversation).getFirst();
      assertThat(session.show(due).prefix()).isEqualTo("mcp");
      ToolOutcome.Done done = due(session, due);
      assertThat(Mcp.item(done).output()).isEqualTo("hi");
      assertThat(Mcp.item(done).approvalRequestId()).isEqualTo("mcpr_7");
      // Another conversation in which it has run.
      assertThat(session.due(List.of(asked, granted, done.item()))).isEmpty();
      List<Item> told = mcp.runner.told(done.item()).orElseThrow();
      assertThat(told.get(1)).isInstanceOf(FunctionCallOutput.class);
    }
    try (ToolSession session = mcp.open("resp_2", Mcp.request(tool))) {
      Mcp.prepare(session);
      assertThat(session.due(conversation)).containsExactly(due);
      assertThat(Mcp.error(due(session, due))).contains("one call");
    }
    assertThat(server.calls()).hasSize(1);
  }

  @Test
  void whatIsRefusedIsNotRunAndTheModelHearsWhy() throws Exception {
    List<Item> conversation =
        List.of(
            new McpApprovalRequest("mcpr_7", "{\"text\":\"hi\"}", "echo", "srv", Map.of()),
            new McpApprovalResponse(null, "mcpr_7", false, "not today", Map.of()));
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url(), "\"headers\":{}"))) {
      Mcp.prepare(session);
      ToolOutcome.Done done = due(session, session.due(conversation).getFirst());
      assertThat(((ToolOutput.Text) done.output()).text()).contains("not allow", "not today");
      assertThat(Mcp.item(done).status()).isEqualTo(ItemStatus.FAILED);
    }
    assertThat(server.calls()).isEmpty();
  }

  private static ToolOutcome.Done due(ToolSession session, ToolSession.DueCall call)
      throws InterruptedException {
    return (ToolOutcome.Done)
        session.run(
            new ToolCall("mcp_2", 0, call.callId(), call.function(), call.arguments(), 1, null),
            _ -> {});
  }

  @Test
  void aModelCannotGrantLeaveByTheIdOfItsCall() throws Exception {
    try (ToolSession session = mcp.open(Mcp.server("srv", server.url(), "\"headers\":{}"))) {
      Mcp.prepare(session);
      ToolCall forged =
          new ToolCall("i", 0, "due_mcpr_7", "srv__echo", "{\"text\":\"x\"}", 1, null);
      assertThat(session.run(forged, _ -> {})).isInstanceOf(ToolOutcome.AsksClient.class);
    }
  }
}
