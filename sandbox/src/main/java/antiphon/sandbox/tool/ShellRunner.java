package antiphon.sandbox.tool;

import antiphon.core.engine.ClientTools;
import antiphon.core.engine.Engine;
import antiphon.core.response.Owner;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolRunner;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.ShellTool;
import antiphon.protocol.tool.Tool;
import antiphon.sandbox.container.ContainerService;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Runs shells in containers. A shell with a local environment is the client's. */
public final class ShellRunner implements ToolRunner {

  private final ContainerService containers;
  private final SandboxToolSettings settings;

  public ShellRunner(ContainerService containers, SandboxToolSettings settings) {
    this.containers = containers;
    this.settings = settings;
  }

  @Override
  public boolean serves(Tool tool) {
    return tool instanceof ShellTool && !ClientTools.runs(tool);
  }

  @Override
  public Optional<Engine.Refusal> refuses(Owner owner, CreateResponse request, int index) {
    var tools = Objects.requireNonNull(request.tools());
    return tools.get(index) instanceof ShellTool tool
        ? ContainerWish.refuses(
            tool.environment(),
            "tools[" + index + "].environment",
            "container_auto",
            owner,
            containers)
        : Optional.empty();
  }

  @Override
  public ToolSession open(ToolContext context, List<Tool> tools) {
    ContainerWish wish =
        tools.stream()
            .filter(ShellTool.class::isInstance)
            .map(ShellTool.class::cast)
            .findFirst()
            .map(tool -> ContainerWish.of(tool.environment(), "auto"))
            .orElseThrow();
    return new ShellSession(containers, wish, context, settings);
  }
}
