package antiphon.sandbox.tool;

import antiphon.core.container.ContainerFile;
import antiphon.core.response.Rejected;
import antiphon.core.sandbox.Execution;
import antiphon.core.sandbox.Sandbox;
import antiphon.core.sandbox.SandboxException;
import antiphon.core.tool.CallItem;
import antiphon.core.tool.Citation;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolProgress;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.event.CodeInterpreterCallEvent;
import antiphon.protocol.item.CodeInterpreterCall;
import antiphon.protocol.item.CodeInterpreterOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.request.CreateResponse.Include;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.ToolChoice;
import antiphon.sandbox.container.ContainerService;
import antiphon.sandbox.container.LiveContainer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The code interpreter in one run. */
final class CodeInterpreterSession implements ToolSession {

  private static final int MOST_NAMED = 50;

  private final ContainerService containers;
  private final ContainerOfRun container;
  private final SandboxToolSettings settings;
  private final boolean shown;
  private final MadeFiles made;

  CodeInterpreterSession(
      ContainerService containers,
      ContainerWish wish,
      ToolContext context,
      SandboxToolSettings settings) {
    this.containers = containers;
    this.container = new ContainerOfRun(containers, context, wish, "code_interpreter");
    this.settings = settings;
    this.made = new MadeFiles(container.id().value());
    List<Include> include = context.request().include();
    this.shown = include != null && include.contains(Include.CODE_INTERPRETER_OUTPUTS);
  }

  @Override
  public List<FunctionTool> functions() {
    return List.of(Functions.python(settings.cell().toSeconds()));
  }

  @Override
  public List<String> chosen(ToolChoice choice) {
    return Choices.of(choice, "code_interpreter") ? List.of(Functions.PYTHON) : List.of();
  }

  @Override
  public void shown(List<Item> items) {
    made.recall(items);
  }

  @Override
  public boolean cites() {
    return true;
  }

  @Override
  public Optional<Citation> citation(String mark) {
    return made.citation(mark);
  }

  @Override
  public CallItem show(String function) {
    return new CodeInterpreterItem(container.id().value());
  }

  @Override
  public ToolOutcome run(ToolCall call, ToolProgress progress) throws InterruptedException {
    progress.show(
        seq -> new CodeInterpreterCallEvent.Interpreting(seq, call.itemId(), call.outputIndex()));
    String code = CodeStream.code(call.arguments());
    try {
      return container.use((live, sandbox) -> run(call, code, live, sandbox));
    } catch (SandboxException e) {
      return failed(call, code, String.valueOf(e.getMessage()));
    } catch (Rejected rejected) {
      return failed(call, code, rejected.problem().message());
    }
  }

  private ToolOutcome failed(ToolCall call, String code, String reason) {
    Transcript transcript = new Transcript();
    transcript.add(reason);
    return ToolOutcome.Done.of(item(call, code, ItemStatus.FAILED, transcript), List.of(), reason);
  }

  private ToolOutcome run(ToolCall call, String code, LiveContainer live, Sandbox sandbox)
      throws InterruptedException, SandboxException {
    Map<String, ContainerFile> before = byPath(containers.filesOf(live));
    Transcript transcript = new Transcript();
    Execution execution = sandbox.cell(code, settings.cell(), settings.outputChars(), transcript);
    tell(execution, transcript);
    // Only what the cell itself has said is an output; of the rest the model is told alone.
    StringBuilder told = new StringBuilder(MadeFiles.plain(transcript.logs()));
    for (String picture : transcript.pictures()) {
      told.append("\n[Picture shown: ")
          .append(Sandbox.FOLDER)
          .append('/')
          .append(picture)
          .append(']');
    }
    List<ContainerFile> fresh =
        containers.filesOf(live).stream()
            .filter(file -> !same(before.get(file.path()), file))
            .limit(MOST_NAMED)
            .toList();
    told.append(made.told(fresh));
    boolean over = execution.end() == Execution.End.DONE || execution.end() == Execution.End.ERROR;
    ItemStatus status = over ? ItemStatus.COMPLETED : ItemStatus.INCOMPLETE;
    return ToolOutcome.Done.of(
        item(call, code, status, transcript),
        List.of(
            seq -> new CodeInterpreterCallEvent.Completed(seq, call.itemId(), call.outputIndex())),
        told.isEmpty() ? "[The code ran and said nothing.]" : told.toString().strip());
  }

  private static Map<String, ContainerFile> byPath(List<ContainerFile> files) {
    Map<String, ContainerFile> all = new HashMap<>();
    files.forEach(file -> all.put(file.path(), file));
    return all;
  }

  private static boolean same(@Nullable ContainerFile before, ContainerFile now) {
    return before != null
        && before.bytes() == now.bytes()
        && before.modifiedAt() == now.modifiedAt();
  }

  private void tell(Execution execution, Transcript transcript) {
    if (execution.dropped() > 0) {
      transcript.add("[" + execution.dropped() + " more characters were dropped.]");
    }
    if (execution.error() != null) {
      transcript.add(execution.error());
    }
    switch (execution.end()) {
      case DONE, ERROR -> {}
      case TIMEOUT ->
          transcript.add("[Interrupted after " + settings.cell().toSeconds() + " seconds.]");
      case MEMORY -> transcript.add("[Ended: it took too much memory.]");
      case DIED -> transcript.add("[Python ended.]");
    }
    if (execution.fresh()) {
      transcript.add("[Python had been restarted before: earlier variables were gone.]");
    }
    if (!execution.stateKept()) {
      transcript.add("[All variables are gone; the files are still there.]");
    }
  }

  private CodeInterpreterCall item(
      ToolCall call, String code, ItemStatus status, Transcript transcript) {
    List<CodeInterpreterOutput> outputs = shown ? transcript.outputs() : null;
    return new CodeInterpreterCall(
        call.itemId(), code, container.id().value(), outputs, status, Map.of());
  }

  @Override
  public Item notRun(ToolCall call, String reason) {
    Transcript transcript = new Transcript();
    transcript.add(reason);
    return item(call, CodeStream.code(call.arguments()), ItemStatus.FAILED, transcript);
  }
}
