package antiphon.server.life;

import static java.util.Objects.requireNonNull;

import antiphon.core.engine.Piece;
import antiphon.core.sandbox.Readiness;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.protocol.json.Json;
import antiphon.server.settings.SandboxSettings;
import antiphon.server.wiring.Sandboxing;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.sandbox.BubblewrapProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A node with sandboxes, where the machine has them. */
@SuppressWarnings("NullAway.Init")
abstract class SandboxFixture {

  static final String INTERPRETER =
      "\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]";

  static SandboxSettings settings;

  @TempDir Path folder;
  private Sandboxing sandboxing;
  Node node;
  final ScriptedEngine engine = new ScriptedEngine(Script.words("hello"));

  @BeforeAll
  static void find() throws Exception {
    SandboxSettings usual = SandboxSettings.DEFAULT;
    settings =
        new SandboxSettings(
            true,
            BubblewrapProgram.path(),
            null,
            null,
            usual.firstUser() + 200_000,
            8,
            8,
            1,
            512,
            1024,
            64,
            64,
            1,
            20,
            5);
    if (Sandboxing.readiness(settings, Path.of("/nowhere")) instanceof Readiness.Off off) {
      Assumptions.abort("no sandboxes on this machine: " + off.reason() + ". " + off.advice());
    }
  }

  @AfterAll
  static void forget() {
    settings = SandboxSettings.DEFAULT;
  }

  @BeforeEach
  void open() {
    Storage storage = Stores.sqlite(folder);
    sandboxing =
        new Sandboxing(
            settings, Path.of("/nowhere"), "node_test", requireNonNull(storage.containers()), null);
    sandboxing.start();
    node =
        new Node(
            storage,
            engine,
            new ServerTools(sandboxing.runners(), ToolLimits.USUAL),
            sandboxing.containers());
  }

  @AfterEach
  void close() {
    sandboxing.close();
    node.close();
  }

  /** Calls a function with these arguments, one after another, then says what it was told last. */
  static Script calls(String function, List<Map<String, ?>> arguments) {
    return (turn, sink) -> {
      List<String> told = Script.outputs(turn);
      if (told.size() >= arguments.size()) {
        sink.accept(new Piece.Text(told.getLast()));
        return ScriptedEngine.stop(turn, 1);
      }
      var kind = Piece.ToolCall.Kind.FUNCTION;
      sink.accept(new Piece.ToolCall(0, "call_" + told.size(), function, kind));
      String json = Json.text(arguments.get(told.size()));
      sink.accept(new Piece.ToolCallDelta(0, json.substring(0, json.length() / 2)));
      sink.accept(new Piece.ToolCallDelta(0, json.substring(json.length() / 2)));
      return ScriptedEngine.stop(turn, 2);
    };
  }

  static Script python(String... cells) {
    List<Map<String, ?>> arguments = new ArrayList<>();
    for (String cell : cells) {
      arguments.add(Map.of("code", cell));
    }
    return calls("python", arguments);
  }

  static String request(String tools, String more) {
    return "{\"model\":\"auto\",\"input\":\"x\"," + tools + more + "}";
  }
}
