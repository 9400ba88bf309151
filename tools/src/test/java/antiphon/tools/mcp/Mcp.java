package antiphon.tools.mcp;

import antiphon.core.net.AddressGuard;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.tool.Approvals;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolException;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.McpCall;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.tools.mcp.client.McpLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A runner for tests, which may go to this machine, and what tests do with it. */
final class Mcp implements AutoCloseable {

  static final Owner OWNER = Owner.account("acme");
  static final McpLimits LIMITS =
      new McpLimits(
          Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(20), 1 << 20, 4 << 20);

  final McpRunner runner;

  Mcp() {
    this(LIMITS, Map.of());
  }

  Mcp(McpLimits limits, Map<String, McpSettings.Registered> servers) {
    this(limits, servers, AddressGuard.of(List.of("127.0.0.1"), List.of()));
  }

  Mcp(McpLimits limits, Map<String, McpSettings.Registered> servers, AddressGuard guard) {
    runner = new McpRunner(new McpSettings(servers, guard, limits, 1000), Approvals.fleeting());
  }

  static CreateResponse request(String... tools) {
    return request("[" + String.join(",", tools) + "]", "\"auto\"");
  }

  static CreateResponse request(String tools, String choice) {
    String json =
        "{\"model\":\"m\",\"input\":\"x\",\"tools\":%s,\"tool_choice\":%s}"
            .formatted(tools, choice);
    return Json.read(json.getBytes(StandardCharsets.UTF_8), CreateResponse.class);
  }

  /** A tool that needs no leave. */
  static String server(String label, String url) {
    return server(label, url, "\"require_approval\":\"never\"");
  }

  static String server(String label, String url, String more) {
    return "{\"type\":\"mcp\",\"server_label\":\"%s\",\"server_url\":\"%s\",%s}"
        .formatted(label, url, more);
  }

  ToolSession open(String... tools) {
    return open("resp_1", request(tools));
  }

  ToolSession open(String id, CreateResponse request) {
    List<antiphon.protocol.tool.Tool> tools = request.tools();
    return runner.open(
        new ToolContext(new ResponseId(OWNER, id), request, false),
        tools == null ? List.of() : tools);
  }

  static Sink prepare(ToolSession session, Item... conversation)
      throws InterruptedException, ToolException {
    Sink sink = new Sink();
    session.prepare(List.of(conversation), sink);
    return sink;
  }

  static ToolCall call(String function, String arguments) {
    return new ToolCall("mcp_1", 0, "call_1", function, arguments, 1, null);
  }

  static ToolOutcome.Done run(ToolSession session, String function, String arguments)
      throws InterruptedException {
    return (ToolOutcome.Done) session.run(call(function, arguments), _ -> {});
  }

  static McpCall item(ToolOutcome.Done done) {
    return (McpCall) done.item();
  }

  static String error(ToolOutcome.Done done) {
    JsonNode error = item(done).error();
    return error == null ? "" : error.asString();
  }

  @Override
  public void close() {
    runner.close();
  }
}
