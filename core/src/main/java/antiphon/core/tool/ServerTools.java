package antiphon.core.tool;

import antiphon.core.engine.Engine;
import antiphon.core.response.Owner;
import antiphon.protocol.item.Item;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.HostedTool;
import antiphon.protocol.tool.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tools that this server runs, and how much they may take.
 *
 * @param runners asked in this order; the first that serves a tool runs it
 * @param limits for each call
 */
public record ServerTools(List<ToolRunner> runners, ToolLimits limits) implements AutoCloseable {

  /** No tools. */
  public static final ServerTools NONE = new ServerTools(List.of(), ToolLimits.USUAL);

  private static final String CALL = "_call";

  public ServerTools {
    runners = List.copyOf(runners);
  }

  /** Whether this server runs a tool, which its engine would not run by itself. */
  public boolean serve(Tool tool, Engine engine) {
    return !engine.runs(tool) && runners.stream().anyMatch(runner -> runner.serves(tool));
  }

  /** The first field of a request's tools that is refused. */
  public Optional<Engine.Refusal> refuses(Owner owner, CreateResponse request, Engine engine) {
    List<Tool> tools = request.tools() == null ? List.of() : request.tools();
    for (int i = 0; i < tools.size(); i++) {
      int index = i;
      Optional<Engine.Refusal> refusal =
          engine.runs(tools.get(i))
              ? Optional.empty()
              : first(tools.get(i)).flatMap(runner -> runner.refuses(owner, request, index));
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  /** Opens those of a request's tools that this server runs. */
  public List<ToolSession> open(ToolContext context, Engine engine) {
    List<Tool> tools = context.request().tools();
    if (tools == null || runners.isEmpty()) {
      return List.of();
    }
    List<ToolSession> sessions = new ArrayList<>();
    for (ToolRunner runner : runners) {
      List<Tool> served =
          tools.stream()
              .filter(tool -> !engine.runs(tool) && first(tool).filter(runner::equals).isPresent())
              .toList();
      if (!served.isEmpty()) {
        sessions.add(runner.open(context, served));
      }
    }
    return sessions;
  }

  /**
   * What the model is to see of a conversation: in place of items that such tools have left, what
   * they tell of them. Items of tools that the engine runs itself are its own affair.
   */
  public List<Item> told(List<Item> items, Engine engine) {
    if (runners.isEmpty()) {
      return items;
    }
    List<Item> told = new ArrayList<>(items.size());
    for (Item item : items) {
      List<Item> instead = told(item);
      if (instead == null || engine.runs(kind(item))) {
        told.add(item);
      } else {
        told.addAll(instead);
      }
    }
    return told;
  }

  /** Every item of every turn comes by here, and hardly any has been left by a tool. */
  private @Nullable List<Item> told(Item item) {
    for (ToolRunner runner : runners) {
      Optional<List<Item>> told = runner.told(item);
      if (told.isPresent()) {
        return told.get();
      }
    }
    return null;
  }

  /** The kind of tool that leaves such items. */
  private static Tool kind(Item item) {
    String of = item.type();
    String type =
        of.startsWith("mcp_")
            ? "mcp"
            : of.endsWith(CALL) ? of.substring(0, of.length() - CALL.length()) : of;
    type = type.equals(LoadedTools.OUTPUT) ? LoadedTools.SEARCH : type;
    return new HostedTool(type, Map.of());
  }

  private Optional<ToolRunner> first(Tool tool) {
    return runners.stream().filter(runner -> runner.serves(tool)).findFirst();
  }

  @Override
  public void close() {
    runners.forEach(ToolRunner::close);
  }
}
