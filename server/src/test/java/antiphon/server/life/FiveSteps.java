package antiphon.server.life;

import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolLimits;
import antiphon.core.tool.ToolOutcome;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.ToolOutput;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.tool.ScriptedTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/**
 * A run of two calls at once, one more, one that waits, and a last word; each call leaves a line in
 * a file when it does what it does.
 */
final class FiveSteps {

  static final String REQUEST =
      "{\"model\":\"auto\",\"input\":\"x\",\"background\":true,\"tools\":[{\"type\":\"mcp\","
          + "\"server_label\":\"scripted\",\"server_url\":\"https://tools.example/mcp\","
          + "\"require_approval\":\"never\"}]}";

  static final List<String> CALLS = List.of("a", "b", "c", "nap");

  private FiveSteps() {}

  static ScriptedEngine engine() {
    return new ScriptedEngine(script());
  }

  private static Script script() {
    return (turn, sink) -> {
      List<String> outputs =
          turn.items().stream()
              .filter(item -> item instanceof FunctionCallOutput)
              .map(item -> ((ToolOutput.Text) ((FunctionCallOutput) item).output()).text())
              .toList();
      switch (outputs.size()) {
        case 0 -> {
          call(sink, 0, "a");
          call(sink, 1, "b");
        }
        case 2 -> call(sink, 0, "c");
        case 3 -> call(sink, 0, "nap");
        default -> sink.accept(new Piece.Text(String.join("|", outputs)));
      }
      return ScriptedEngine.stop(turn, 1);
    };
  }

  private static void call(PieceSink sink, int index, String name) throws InterruptedException {
    sink.accept(new Piece.ToolCall(index, "call_" + name, name, Piece.ToolCall.Kind.FUNCTION));
    sink.accept(new Piece.ToolCallDelta(index, "{}"));
  }

  /**
   * @param effects the file
   */
  static ServerTools tools(Path effects) {
    ScriptedTools tools = new ScriptedTools();
    for (String name : List.of("a", "b", "c")) {
      tools.with(name, (call, _) -> done(call, effects));
    }
    tools.with(
        "nap",
        (call, _) ->
            call.wake() == null
                ? new ToolOutcome.Waits(Instant.now().plusMillis(50), "left", List.of())
                : done(call, effects));
    return new ServerTools(List.of(tools), ToolLimits.USUAL);
  }

  private static ToolOutcome done(ToolCall call, Path effects) {
    try {
      Files.writeString(
          effects,
          call.function() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.SYNC);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ScriptedTools.done(call, "did " + call.function());
  }
}
