package antiphon.server.settings;

import antiphon.core.engine.ClientTools;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.AgentTool;
import antiphon.protocol.tool.Tool;
import antiphon.tools.agent.Agent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads the section {@code tools.agents}. */
final class AgentReader {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  /** Agents may call agents, so deep. */
  private static final int DEEPEST = 4;

  private final Section section;
  private final Map<String, Agent> agents = new LinkedHashMap<>();

  AgentReader(Section section) {
    this.section = section;
  }

  Map<String, Agent> read() {
    for (String name : section.names()) {
      if (!NAME.matcher(name).matches()) {
        section.mistake(name, "must be 1 to 64 letters, digits, '_' or '-'");
      }
      Section agent = section.section(name);
      agents.put(name, agent(agent));
      agent.done();
    }
    for (String name : agents.keySet()) {
      var _ = bounded(name, name, 1);
    }
    return agents;
  }

  private static Agent agent(Section agent) {
    List<String> tenants = agent.texts("tenants");
    return new Agent(
        agent.text("model", "auto"),
        agent.text("description"),
        agent.text("instructions"),
        tools(agent),
        agent.integer("max_output_tokens", 1, Integer.MAX_VALUE),
        agent.seconds("call_seconds", Agent.USUAL_LIMIT),
        tenants == null ? Set.of() : Set.copyOf(tenants));
  }

  private static List<Tool> tools(Section agent) {
    List<Tool> tools = new ArrayList<>();
    for (JsonNode node : agent.jsons("tools")) {
      try {
        Tool tool = Json.convert(node, Tool.class);
        if (ClientTools.runs(tool)) {
          agent.mistake("tools", "has a tool that a client would have to run: " + tool.type());
        } else {
          tools.add(tool);
        }
      } catch (InvalidJson e) {
        agent.mistake("tools", "has a mistake: " + e.getMessage());
      }
    }
    return tools;
  }

  /** Each call costs a response: how deep they go is known before any is made. */
  private boolean bounded(String root, String name, int depth) {
    Agent agent = agents.get(name);
    if (agent == null || depth > DEEPEST) {
      section
          .section(root)
          .mistake(
              "tools",
              agent == null
                  ? "names an agent that is not there: " + name
                  : "leads to agents that call agents, more than " + DEEPEST + " deep");
      return false;
    }
    // One mistake is enough to be told.
    return agent.tools().stream()
        .allMatch(tool ->
            !(tool instanceof AgentTool inner) || bounded(root, inner.agentId(), depth + 1));
  }
}
