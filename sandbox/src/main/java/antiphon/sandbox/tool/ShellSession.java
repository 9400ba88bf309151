package antiphon.sandbox.tool;

import antiphon.core.response.Rejected;
import antiphon.core.sandbox.Execution;
import antiphon.core.sandbox.Sandbox;
import antiphon.core.sandbox.SandboxException;
import antiphon.core.sandbox.SandboxOutput;
import antiphon.core.tool.CallItem;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolProgress;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.event.ShellCallEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.ShellCallOutput;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.ToolChoice;
import antiphon.sandbox.container.ContainerService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shell in one run. */
final class ShellSession implements ToolSession {

  private final ContainerOfRun container;
  private final SandboxToolSettings settings;

  ShellSession(
      ContainerService containers,
      ContainerWish wish,
      ToolContext context,
      SandboxToolSettings settings) {
    this.container = new ContainerOfRun(containers, context, wish, "shell");
    this.settings = settings;
  }

  /** What one command has come to. */
  private record Ran(String out, String err, boolean timeout, int exitCode) {

    Map<String, Object> wire() {
      Map<String, Object> outcome = new LinkedHashMap<>();
      outcome.put("type", timeout ? "timeout" : "exit");
      if (!timeout) {
        outcome.put("exit_code", exitCode);
      }
      Map<String, Object> wire = new LinkedHashMap<>();
      wire.put("stdout", out);
      wire.put("stderr", err);
      wire.put("outcome", outcome);
      return wire;
    }
  }

  @Override
  public List<FunctionTool> functions() {
    return List.of(Functions.shell(settings.command().toSeconds()));
  }

  @Override
  public List<String> chosen(ToolChoice choice) {
    return Choices.of(choice, "shell") ? List.of(Functions.SHELL) : List.of();
  }

  @Override
  public CallItem show(String function) {
    return new ShellItem();
  }

  @Override
  public ToolOutcome run(ToolCall call, ToolProgress progress) throws InterruptedException {
    progress.show(seq -> new ShellCallEvent.Executing(seq, call.itemId(), call.outputIndex()));
    ShellArguments said = ShellArguments.of(call.arguments());
    if (said.commands().isEmpty()) {
      return done(call, List.of(), "There are no commands: 'commands' must be a list of texts.");
    }
    try {
      return done(call, container.use((_, sandbox) -> all(said, sandbox)), null);
    } catch (SandboxException e) {
      return done(call, List.of(), String.valueOf(e.getMessage()));
    } catch (Rejected rejected) {
      return done(call, List.of(), rejected.problem().message());
    }
  }

  /** One after another, as long as their time lasts. */
  private List<Ran> all(ShellArguments said, Sandbox sandbox)
      throws InterruptedException, SandboxException {
    Duration limit =
        said.timeoutMs() == null
            ? settings.command()
            : Duration.ofMillis(Math.min(said.timeoutMs(), settings.longest().toMillis()));
    int most =
        said.maxOutputLength() == null
            ? settings.outputChars()
            : (int) Math.min(said.maxOutputLength(), settings.outputChars());
    long until = System.nanoTime() + limit.toNanos();
    List<Ran> ran = new ArrayList<>();
    for (String command : said.commands()) {
      Duration left = Duration.ofNanos(Math.max(1_000_000, until - System.nanoTime()));
      Ran one = one(command, left, most, sandbox);
      ran.add(one);
      if (one.timeout()) {
        break;
      }
    }
    return ran;
  }

  private static Ran one(String command, Duration limit, int most, Sandbox sandbox)
      throws InterruptedException, SandboxException {
    StringBuilder out = new StringBuilder();
    StringBuilder err = new StringBuilder();
    Execution end =
        sandbox.command(
            command,
            limit,
            most,
            (stream, text) -> (stream == SandboxOutput.Stream.STDOUT ? out : err).append(text));
    if (end.dropped() > 0) {
      err.append("\n[").append(end.dropped()).append(" more characters were dropped]");
    }
    if (end.error() != null) {
      err.append(end.error());
    }
    boolean timeout = end.end() == Execution.End.TIMEOUT;
    Integer code = end.exitCode();
    return new Ran(out.toString(), err.toString(), timeout, code == null ? 1 : code);
  }

  private static ToolOutcome done(
      ToolCall call, List<Ran> ran, @org.jspecify.annotations.Nullable String failure) {
    Ran whole = failure == null ? together(ran) : new Ran("", failure, false, 1);
    String told = failure == null ? Json.text(ran.stream().map(Ran::wire).toList()) : failure;
    ItemStatus status = failure == null ? ItemStatus.COMPLETED : ItemStatus.INCOMPLETE;
    return new ToolOutcome.Done(
        ShellItem.of(call.itemId(), call.callId(), call.arguments(), status),
        List.of(seq ->
            new ShellCallEvent.Completed(
                seq, call.itemId(), call.outputIndex(), whole.out() + whole.err())),
        new ToolOutput.Text(told),
        List.of(
            new ToolOutcome.More(
                "sho",
                id ->
                    new ShellCallOutput(
                        id, call.callId(), Json.toTree(whole.wire()), status, Map.of()))));
  }

  /** As one shell would have said it: its exit code is the last one. */
  private static Ran together(List<Ran> ran) {
    StringBuilder out = new StringBuilder();
    StringBuilder err = new StringBuilder();
    for (Ran one : ran) {
      out.append(one.out());
      err.append(one.err());
    }
    Ran last = ran.getLast();
    return new Ran(out.toString(), err.toString(), last.timeout(), last.exitCode());
  }

  @Override
  public Item notRun(ToolCall call, String reason) {
    return ShellItem.of(call.itemId(), call.callId(), call.arguments(), ItemStatus.INCOMPLETE);
  }
}
