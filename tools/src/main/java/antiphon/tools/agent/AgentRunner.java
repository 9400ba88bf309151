package antiphon.tools.agent;

import antiphon.core.agent.AgentCalls;
import antiphon.core.engine.Engine;
import antiphon.core.response.Owner;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolRunner;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.McpCall;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.AgentTool;
import antiphon.protocol.tool.Tool;
import antiphon.tools.own.OwnItem;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs the tool {@code agent}: a stored background response of its own for each call. */
public final class AgentRunner implements ToolRunner {

  /** What tells a call of an agent from other items of the server's own. */
  static final String AGENT_ID = "agent_id";

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private final Map<String, Agent> agents;
  private final AgentCalls calls;
  private final InstantSource clock;

  /**
   * @param agents by their ids
   * @param clock the one by which responses are woken
   */
  public AgentRunner(Map<String, Agent> agents, AgentCalls calls, InstantSource clock) {
    this.agents = Map.copyOf(agents);
    this.calls = calls;
    this.clock = clock;
  }

  @Override
  public boolean serves(Tool tool) {
    return tool instanceof AgentTool;
  }

  @Override
  public Optional<Engine.Refusal> refuses(Owner owner, CreateResponse request, int index) {
    List<Tool> tools = request.tools() == null ? List.of() : request.tools();
    if (!(tools.get(index) instanceof AgentTool tool)) {
      return Optional.empty();
    }
    String param = "tools[" + index + "]";
    if (!Boolean.TRUE.equals(request.background()) || Boolean.FALSE.equals(request.store())) {
      return refused(param, "An agent needs a stored background response: 'background': true.");
    }
    if (agent(owner, tool.agentId()) == null) {
      return refused(
          param + "." + AGENT_ID, "There is no agent '" + tool.agentId() + "' on this server.");
    }
    if (!NAME.matcher(name(tool)).matches()) {
      return refused(
          param + ".name",
          "Invalid '" + param + ".name': must have 1 to 64 letters, digits, '_' or '-'.");
    }
    boolean twice =
        tools.subList(0, index).stream()
            .anyMatch(other -> other instanceof AgentTool one && name(one).equals(name(tool)));
    return twice
        ? refused(param + ".name", "There is more than one agent named '" + name(tool) + "'.")
        : Optional.empty();
  }

  private static Optional<Engine.Refusal> refused(String param, String message) {
    return Optional.of(new Engine.Refusal(param, message));
  }

  static String name(AgentTool tool) {
    return tool.name() == null ? tool.agentId() : tool.name();
  }

  private @Nullable Agent agent(Owner owner, String id) {
    Agent agent = agents.get(id);
    return agent == null
            || (!agent.tenants().isEmpty() && !agent.tenants().contains(owner.tenant()))
        ? null
        : agent;
  }

  @Override
  public ToolSession open(ToolContext context, List<Tool> tools) {
    Map<String, AgentSession.Offered> offered = new HashMap<>();
    for (Tool tool : tools) {
      if (tool instanceof AgentTool asked) {
        // One that the configuration has no more is gone, and its calls with it.
        Agent agent = agent(context.response().owner(), asked.agentId());
        if (agent != null) {
          offered.put(name(asked), new AgentSession.Offered(asked, agent));
        }
      }
    }
    return new AgentSession(context, offered, calls, clock);
  }

  @Override
  public Optional<List<Item>> told(Item item) {
    return item instanceof McpCall call && call.extra().containsKey(AGENT_ID)
        ? OwnItem.told(item, call.name())
        : Optional.empty();
  }
}
