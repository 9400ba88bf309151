package antiphon.sandbox.tool;

import antiphon.core.engine.Engine;
import antiphon.core.response.Owner;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolRunner;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.item.CodeInterpreterCall;
import antiphon.protocol.item.CodeInterpreterOutput;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.CodeInterpreterTool;
import antiphon.protocol.tool.Tool;
import antiphon.sandbox.container.ContainerService;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs the code interpreter in containers. */
public final class CodeInterpreterRunner implements ToolRunner {

  private final ContainerService containers;
  private final SandboxToolSettings settings;

  public CodeInterpreterRunner(ContainerService containers, SandboxToolSettings settings) {
    this.containers = containers;
    this.settings = settings;
  }

  @Override
  public boolean serves(Tool tool) {
    return tool instanceof CodeInterpreterTool;
  }

  @Override
  public Optional<Engine.Refusal> refuses(Owner owner, CreateResponse request, int index) {
    var tools = Objects.requireNonNull(request.tools());
    return tools.get(index) instanceof CodeInterpreterTool tool
        ? ContainerWish.refuses(
            tool.container(), "tools[" + index + "].container", "auto", owner, containers)
        : Optional.empty();
  }

  @Override
  public ToolSession open(ToolContext context, List<Tool> tools) {
    ContainerWish wish =
        tools.stream()
            .filter(CodeInterpreterTool.class::isInstance)
            .map(CodeInterpreterTool.class::cast)
            .findFirst()
            .map(tool -> ContainerWish.of(tool.container(), "auto"))
            .orElseThrow();
    return new CodeInterpreterSession(containers, wish, context, settings);
  }

  @Override
  public Optional<List<Item>> told(Item item) {
    if (!(item instanceof CodeInterpreterCall call)) {
      return Optional.empty();
    }
    String id = "call_" + call.idOrEmpty();
    String code = call.code() == null ? "" : call.code();
    List<CodeInterpreterOutput> outputs = call.outputs() == null ? List.of() : call.outputs();
    String logs =
        outputs.stream()
            .map(CodeInterpreterOutput::logs)
            .filter(Objects::nonNull)
            .collect(Collectors.joining("\n"));
    return Optional.of(
        List.of(
            new FunctionCall(
                null,
                id,
                Functions.PYTHON,
                Json.text(Map.of("code", code)),
                ItemStatus.COMPLETED,
                Map.of()),
            new FunctionCallOutput(
                null,
                id,
                new ToolOutput.Text(logs.isEmpty() ? "[Its output was not kept.]" : logs),
                ItemStatus.COMPLETED,
                Map.of())));
  }
}
