package antiphon.testkit.tool;

import antiphon.core.log.NextEvent;
import antiphon.core.tool.CallItem;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolProgress;
import antiphon.core.tool.ToolRunner;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.event.McpCallArgumentsEvent;
import antiphon.protocol.event.McpCallEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.McpCall;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.McpServerTool;
import antiphon.protocol.tool.Tool;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.node.StringNode;

/** Tools that behave as a test wants, shown as those of an MCP server; counts what was run. */
public final class ScriptedTools implements ToolRunner {

  /** What a call does. */
  @FunctionalInterface
  public interface Behaviour {
    ToolOutcome run(ToolCall call, ToolProgress progress) throws InterruptedException;
  }

  private final Map<String, Behaviour> behaviours = new TreeMap<>();
  private final List<ToolCall> begun = new CopyOnWriteArrayList<>();
  private final List<ToolCall> stopped = new CopyOnWriteArrayList<>();
  private volatile boolean repeatable;

  /** A function of this name does that. */
  public ScriptedTools with(String name, Behaviour behaviour) {
    behaviours.put(name, behaviour);
    return this;
  }

  /** All calls may be repeated. */
  public ScriptedTools repeatable() {
    repeatable = true;
    return this;
  }

  /** All calls that were begun, in every run. */
  public List<ToolCall> begun() {
    return List.copyOf(begun);
  }

  /** Those that were interrupted. */
  public List<ToolCall> stopped() {
    return List.copyOf(stopped);
  }

  /** A call that went well. */
  public static ToolOutcome.Done done(ToolCall call, String output) {
    return ToolOutcome.Done.of(
        item(call, output, ItemStatus.COMPLETED),
        List.of(seq -> new McpCallEvent.Completed(seq, call.itemId(), call.outputIndex())),
        output);
  }

  private static McpCall item(ToolCall call, String output, ItemStatus status) {
    return new McpCall(
        call.itemId(),
        call.arguments(),
        call.function(),
        "scripted",
        null,
        status == ItemStatus.COMPLETED ? null : StringNode.valueOf(output),
        status == ItemStatus.COMPLETED ? output : null,
        status,
        Map.of());
  }

  @Override
  public boolean serves(Tool tool) {
    return tool instanceof McpServerTool;
  }

  @Override
  public ToolSession open(ToolContext context, List<Tool> tools) {
    return new Session();
  }

  private final class Session implements ToolSession {

    @Override
    public List<FunctionTool> functions() {
      return behaviours.keySet().stream()
          .map(name -> new FunctionTool(name, "Scripted.", Map.of(), null, null, Map.of()))
          .toList();
    }

    @Override
    public CallItem show(String function) {
      return new Shown(function);
    }

    @Override
    public boolean repeatable(ToolCall call) {
      return repeatable;
    }

    @Override
    public ToolOutcome run(ToolCall call, ToolProgress progress) throws InterruptedException {
      begun.add(call);
      Behaviour behaviour = behaviours.get(call.function());
      if (behaviour == null) {
        throw new IllegalArgumentException("no function " + call.function());
      }
      try {
        return behaviour.run(call, progress);
      } catch (InterruptedException e) {
        stopped.add(call);
        throw e;
      }
    }

    @Override
    public Item notRun(ToolCall call, String reason) {
      return item(call, reason, ItemStatus.FAILED);
    }
  }

  private record Shown(String function) implements CallItem {

    @Override
    public String prefix() {
      return "mcp";
    }

    @Override
    public Item begun(String itemId, String callId, String arguments) {
      return new McpCall(
          itemId,
          arguments,
          function,
          "scripted",
          null,
          null,
          null,
          ItemStatus.IN_PROGRESS,
          Map.of());
    }

    @Override
    public List<NextEvent> added(String itemId, int outputIndex) {
      return List.of(seq -> new McpCallEvent.InProgress(seq, itemId, outputIndex));
    }

    @Override
    public List<NextEvent> arguments(String itemId, int outputIndex, String delta) {
      return List.of(seq -> new McpCallArgumentsEvent.Delta(seq, itemId, outputIndex, delta));
    }

    @Override
    public List<NextEvent> argumentsDone(String itemId, int outputIndex, String arguments) {
      return List.of(seq -> new McpCallArgumentsEvent.Done(seq, itemId, outputIndex, arguments));
    }
  }
}
