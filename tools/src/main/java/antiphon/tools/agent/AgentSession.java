package antiphon.tools.agent;

import antiphon.core.agent.AgentCalls;
import antiphon.core.log.NextEvent;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.tool.CallItem;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolProgress;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.event.AgentCallEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.McpCall;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Response;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.tool.AgentTool;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.ToolChoice;
import antiphon.tools.own.OwnCallItem;
import antiphon.tools.own.OwnItem;
import antiphon.tools.schema.Arguments;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The agents of one run. A call begins a response and waits; what it leaves behind for itself is
 * that response's id and when it began.
 */
final class AgentSession implements ToolSession {

  /** It is woken when the agent has ended; so long it sleeps if nobody tells it. */
  private static final Duration LOOK = Duration.ofSeconds(15);

  private static final String PARAMETERS =
      """
      {"type":"object","properties":{
        "input":{"type":"string","description":"The whole task: the agent sees nothing else."}},
       "required":["input"],"additionalProperties":false}\
      """;

  private final ToolContext context;
  private final Map<String, Offered> offered;
  private final AgentCalls calls;
  private final InstantSource clock;

  /** An agent as a request offers it. */
  record Offered(AgentTool tool, Agent agent) {

    FunctionTool function() {
      String about = tool.description() == null ? agent.description() : tool.description();
      return Arguments.function(
          AgentRunner.name(tool),
          (about == null ? "" : about + "\n")
              + "An agent that works on a task by itself and answers when it is done.",
          PARAMETERS);
    }
  }

  AgentSession(
      ToolContext context, Map<String, Offered> offered, AgentCalls calls, InstantSource clock) {
    this.context = context;
    this.offered = Map.copyOf(offered);
    this.calls = calls;
    this.clock = clock;
  }

  @Override
  public List<FunctionTool> functions() {
    return offered.values().stream().map(Offered::function).toList();
  }

  @Override
  public List<String> chosen(ToolChoice choice) {
    return choice instanceof ToolChoice.Hosted hosted && hosted.type().equals("agent")
        ? List.copyOf(offered.keySet())
        : List.of();
  }

  @Override
  public CallItem show(String function) {
    String id = agentId(function);
    return new OwnCallItem(
        function,
        (item, index, _) -> List.of(seq -> new AgentCallEvent.InProgress(seq, item, index, id)));
  }

  private String agentId(String function) {
    Offered agent = offered.get(function);
    return agent == null ? function : agent.tool().agentId();
  }

  /** It is begun once, however often it is asked for. */
  @Override
  public boolean repeatable(ToolCall call) {
    return true;
  }

  @Override
  public ToolOutcome run(ToolCall call, ToolProgress progress) throws InterruptedException {
    Offered agent = offered.get(call.function());
    if (agent == null) {
      return failed(call, "There is no such agent any more.", Map.of());
    }
    ToolCall.Wake wake = call.wake();
    if (wake != null) {
      return look(call, agent.agent(), Begun.of(context.response(), wake.state()));
    }
    return switch (Arguments.read(agent.function(), call.arguments())) {
      case Arguments.Wrong(String why) -> failed(call, why, Map.of());
      case Arguments.Good(JsonNode arguments) ->
          begin(call, agent, arguments.path("input").asString());
    };
  }

  private ToolOutcome begin(ToolCall call, Offered agent, String input)
      throws InterruptedException {
    if (input.isBlank()) {
      return failed(call, "'input' must not be empty.", Map.of());
    }
    try {
      ResponseId child = calls.start(context.response(), call.itemId(), request(agent, input));
      return waits(agent.agent(), new Begun(child, clock.millis()));
    } catch (Rejected e) {
      return failed(call, "The agent could not be started: " + e.problem().message(), Map.of());
    }
  }

  private CreateResponse request(Offered offer, String input) {
    Agent agent = offer.agent();
    Map<String, Object> request = new HashMap<>();
    request.put("model", agent.model());
    request.put("input", input);
    request.put("background", true);
    request.put("store", true);
    request.put("tools", agent.tools());
    request.put(
        "metadata",
        Map.of(
            "parent_response_id",
            context.response().value(),
            AgentRunner.AGENT_ID,
            offer.tool().agentId()));
    if (agent.instructions() != null) {
      request.put("instructions", agent.instructions());
    }
    if (agent.maxOutputTokens() != null) {
      request.put("max_output_tokens", agent.maxOutputTokens());
    }
    if (context.request().serviceTier() != null) {
      request.put("service_tier", context.request().serviceTier());
    }
    return Json.convert(Json.toTree(request), CreateResponse.class);
  }

  private ToolOutcome waits(Agent agent, Begun begun) {
    Instant end = Instant.ofEpochMilli(begun.at()).plus(agent.limit());
    Instant next = clock.instant().plus(LOOK);
    return new ToolOutcome.Waits(next.isBefore(end) ? next : end, begun.state(), List.of(), false);
  }

  private ToolOutcome look(ToolCall call, Agent agent, Begun begun) throws InterruptedException {
    ResponseId child = begun.child();
    return switch (calls.state(child)) {
      case AgentCalls.State.Runs _ -> {
        boolean late = clock.millis() >= begun.at() + agent.limit().toMillis();
        if (!late) {
          yield waits(agent, begun);
        }
        calls.cancel(child);
        String why = "The agent was stopped after " + agent.limit().toSeconds() + " seconds.";
        yield over(child, call, failed(call, why, about(call, child)));
      }
      case AgentCalls.State.Gone _ ->
          over(child, call, failed(call, "The agent's response was deleted.", about(call, child)));
      case AgentCalls.State.Ended(byte[] snapshot) ->
          over(child, call, ended(call, child, Json.readStored(snapshot, Response.class)));
    };
  }

  private ToolOutcome over(ResponseId child, ToolCall call, ToolOutcome outcome) {
    calls.done(context.response(), call.itemId(), child);
    return outcome;
  }

  private ToolOutcome ended(ToolCall call, ResponseId child, Response response) {
    Map<String, JsonNode> about = about(call, child);
    about.put("usage", Json.toTree(response.usage()));
    String text = response.outputText();
    if (response.status() != ResponseStatus.COMPLETED) {
      String error = response.error() == null ? "" : ": " + response.error().message();
      String said = text.isBlank() ? "" : "\nIt had said:\n" + text;
      return failed(
          call, "The agent ended as " + response.status().wire() + error + "." + said, about);
    }
    String output = text.isBlank() ? "The agent has ended and said nothing." : text;
    McpCall item = OwnItem.done(call, call.function(), output);
    return ToolOutcome.Done.of(
        with(item, about),
        List.of(
            seq -> new AgentCallEvent.Completed(seq, call.itemId(), call.outputIndex(), output)),
        output);
  }

  private Map<String, JsonNode> about(ToolCall call, ResponseId child) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    Map<String, JsonNode> about = new HashMap<>();
    about.put(AgentRunner.AGENT_ID, nodes.stringNode(agentId(call.function())));
    about.put("response_id", nodes.stringNode(child.value()));
    return about;
  }

  private ToolOutcome failed(ToolCall call, String why, Map<String, JsonNode> about) {
    NextEvent failed =
        seq -> new AgentCallEvent.Failed(seq, call.itemId(), call.outputIndex(), why);
    return ToolOutcome.Done.of(
        with(OwnItem.failed(call, call.function(), why), about), List.of(failed), why);
  }

  private McpCall with(McpCall item, Map<String, JsonNode> about) {
    Map<String, JsonNode> extra = new HashMap<>(about);
    extra.putIfAbsent(
        AgentRunner.AGENT_ID, JsonNodeFactory.instance.stringNode(agentId(item.name())));
    return new McpCall(
        item.id(),
        item.arguments(),
        item.name(),
        item.serverLabel(),
        item.approvalRequestId(),
        item.error(),
        item.output(),
        item.status(),
        extra);
  }

  @Override
  public Item notRun(ToolCall call, String reason) {
    return with(OwnItem.failed(call, call.function(), reason), Map.of());
  }

  /** A response that ends while its agents run takes them with it. */
  @Override
  public void close() {
    calls.look();
  }

  /** A response that was begun. */
  private record Begun(ResponseId child, long at) {

    String state() {
      return child.value() + " " + at;
    }

    static Begun of(ResponseId parent, String state) {
      int space = state.indexOf(' ');
      return new Begun(
          new ResponseId(parent.owner(), state.substring(0, space)),
          Long.parseLong(state.substring(space + 1)));
    }
  }
}
