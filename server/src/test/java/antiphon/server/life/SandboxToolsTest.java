package antiphon.server.life;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Piece;
import antiphon.core.sandbox.Readiness;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.protocol.json.Json;
import antiphon.server.life.Node.Answer;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Responses whose model runs code in containers, and the containers' own paths. */
class SandboxToolsTest {

  private static final String INTERPRETER =
      "\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]";

  private static SandboxSettings settings;

  @TempDir private Path folder;
  private Sandboxing sandboxing;
  private Node node;
  private final ScriptedEngine engine = new ScriptedEngine(Script.words("hello"));

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
  private static Script calls(String function, List<Map<String, ?>> arguments) {
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

  private static Script python(String... cells) {
    List<Map<String, ?>> arguments = new ArrayList<>();
    for (String cell : cells) {
      arguments.add(Map.of("code", cell));
    }
    return calls("python", arguments);
  }

  private static String request(String tools, String more) {
    return "{\"model\":\"auto\",\"input\":\"x\"," + tools + more + "}";
  }

  @Test
  void anErrorIsMendedInASecondCallAndTheVariablesAreStillThere() {
    engine.script(python("x = 20\ny = 1 / 0", "print('é', x * 2 + 2)"));
    Answer done =
        node.post(
            "/responses", request(INTERPRETER, ",\"include\":[\"code_interpreter_call.outputs\"]"));

    assertThat(done.status()).as(done.body()).isEqualTo(200);
    assertThat(done.text("/output_text")).isEqualTo("é 42");
    JsonNode first = done.json().at("/output/0");
    assertThat(first.path("type").asString()).isEqualTo("code_interpreter_call");
    assertThat(first.path("status").asString()).isEqualTo("completed");
    assertThat(first.path("code").asString()).isEqualTo("x = 20\ny = 1 / 0");
    assertThat(first.at("/outputs/0/logs").asString()).contains("ZeroDivisionError");
    assertThat(done.text("/output/1/outputs/0/logs")).isEqualTo("é 42\n");
    assertThat(done.text("/output/1/container_id"))
        .startsWith("cntr_")
        .isEqualTo(first.path("container_id").asString());
  }

  @Test
  void aFileThatCodeHasWrittenIsCitedWhereTheAnswerSpeaksOfIt() {
    Script writes =
        python("open('/mnt/data/table.csv', 'w').write('a')\nprint('【c7】 cfile_x /mnt/data/y')");
    List<String> told = new ArrayList<>();
    engine.script((turn, sink) -> {
      told.addAll(Script.outputs(turn));
      Script now =
          told.isEmpty() ? writes : Script.words("Here is the table", " 【c1】", ".", " 【c7】");
      return now.play(turn, sink);
    });
    Answer done = node.post("/responses", request(INTERPRETER, ""));

    assertThat(told.getFirst()).contains("[c7] cfile_x", "【c1】 cfile_", "/mnt/data/table.csv");
    JsonNode text = done.json().at("/output/1/content/0");
    assertThat(text.at("/text").asString()).isEqualTo("Here is the table.");
    assertThat(text.at("/annotations")).hasSize(1);
    JsonNode cited = text.at("/annotations/0");
    assertThat(cited.at("/type").asString()).isEqualTo("container_file_citation");
    assertThat(cited.at("/filename").asString()).isEqualTo("table.csv");
    assertThat(cited.at("/container_id").asString()).isEqualTo(done.text("/output/0/container_id"));
    assertThat(cited.at("/start_index").asInt()).isZero();
    assertThat(cited.at("/end_index").asInt()).isEqualTo("Here is the table".length());
    String file =
        "/containers/"
            + done.text("/output/0/container_id")
            + "/files/"
            + cited.at("/file_id").asString();
    assertThat(node.get(file + "/content").body()).isEqualTo("a");
  }

  @Test
  void outputsAreShownOnlyToWhoAsksForThem() {
    engine.script(python("1 + 1"));
    Answer done = node.post("/responses", request(INTERPRETER, ""));
    assertThat(done.json().at("/output/0/outputs").isNull()).isTrue();
    assertThat(done.text("/output_text")).isEqualTo("2");
  }

  @Test
  void theCodeIsStreamedAsItIsWritten() {
    engine.script(python("print('a\\n\"b\"')"));
    Answer done = node.post("/responses", request(INTERPRETER, ",\"stream\":true"));
    List<String> types = new ArrayList<>();
    StringBuilder code = new StringBuilder();
    done.body()
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .forEach(line -> {
          JsonNode event = Node.json(line.substring(6));
          types.add(event.path("type").asString());
          if (event.path("type").asString().endsWith("code.delta")) {
            code.append(event.path("delta").asString());
          }
        });
    assertThat(code).hasToString("print('a\\n\"b\"')");
    assertThat(types)
        .containsSubsequence(
            "response.output_item.added",
            "response.code_interpreter_call.in_progress",
            "response.code_interpreter_call_code.delta",
            "response.code_interpreter_call_code.delta",
            "response.code_interpreter_call_code.done",
            "response.code_interpreter_call.interpreting",
            "response.code_interpreter_call.completed",
            "response.output_item.done",
            "response.completed");
  }

  @Test
  void anEndlessCellIsStoppedByCancelInTheBackground() {
    engine.script(python("print('on', flush=True)\nwhile True: pass"));
    Answer made = node.post("/responses", request(INTERPRETER, ",\"background\":true"));
    String id = made.text("/id");
    Await.until(
        "the cell runs",
        () -> {
          Answer now = node.get("/responses/" + id);
          return now.body().contains("while True") && sandboxesInUse() == 1;
        });

    Answer cancelled = node.post("/responses/" + id + "/cancel", null);

    assertThat(cancelled.text("/status")).isEqualTo("cancelled");
    assertThat(cancelled.text("/output/0/status")).isEqualTo("incomplete");
    assertThat(cancelled.text("/output/0/code")).contains("while True");
    Await.until("nothing runs any more", () -> sandboxesInUse() == 0);
    assertThat(node.get("/responses/" + id).body()).isEqualTo(cancelled.body());
  }

  /** Processes of sandboxes that take processor time: those between calls are stopped. */
  private static long sandboxesInUse() {
    int first = settings.firstUser();
    return ProcessHandle.allProcesses()
        .filter(process -> {
          try {
            Path proc = Path.of("/proc", process.pid() + "");
            int user = (Integer) java.nio.file.Files.getAttribute(proc, "unix:uid");
            String stat = java.nio.file.Files.readString(proc.resolve("stat"));
            return user >= first
                && user < first + 100
                && stat.substring(stat.lastIndexOf(')') + 2).startsWith("R");
          } catch (java.io.IOException e) {
            return false;
          }
        })
        .count();
  }

  @Test
  void aCellThatTakesTooLongIsInterruptedAndTheModelToldHow() {
    engine.script(python("n = 7\nwhile True: pass", "n"));
    Answer done = node.post("/responses", request(INTERPRETER, ""));
    assertThat(done.text("/output/0/status")).isEqualTo("incomplete");
    assertThat(Script.outputs(engine.turns().get(1)).getFirst())
        .contains("while True: pass")
        .contains("KeyboardInterrupt")
        .contains("Interrupted after 5 seconds");
    assertThat(done.text("/output_text")).isEqualTo("7");
  }

  @Test
  void theContainerOfTheResponseBeforeIsGoneOnWith() {
    engine.script(python("kept = 'yes'\nopen('a.txt', 'w').write('abc')"));
    Answer first = node.post("/responses", request(INTERPRETER, ""));
    engine.script((turn, sink) -> {
      List<String> told = Script.outputs(turn);
      if (told.size() == 2) {
        sink.accept(new Piece.Text(told.getLast()));
        return ScriptedEngine.stop(turn, 1);
      }
      var kind = Piece.ToolCall.Kind.FUNCTION;
      sink.accept(new Piece.ToolCall(0, "call_b", "python", kind));
      sink.accept(new Piece.ToolCallDelta(0, "{\"code\":\"kept + open('a.txt').read()\"}"));
      return ScriptedEngine.stop(turn, 2);
    });
    Answer second =
        node.post(
            "/responses",
            request(INTERPRETER, ",\"previous_response_id\":\"" + first.text("/id") + "\""));

    assertThat(second.text("/output_text")).isEqualTo("'yesabc'");
    assertThat(second.text("/output/0/container_id"))
        .isEqualTo(first.text("/output/0/container_id"));
    String files = "/containers/" + first.text("/output/0/container_id") + "/files";
    Answer listed = node.get(files);
    assertThat(listed.text("/data/0/path")).isEqualTo("/mnt/data/a.txt");
    assertThat(listed.text("/data/0/source")).isEqualTo("assistant");
    assertThat(node.get(files + "/" + listed.text("/data/0/id") + "/content").body())
        .isEqualTo("abc");
  }

  @Test
  void aContainerByIdIsUsedWithItsFiles() throws Exception {
    Answer made = node.post("/containers", "{\"name\":\"mine\",\"memory_limit\":\"512m\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    String id = made.text("/id");
    assertThat(made.text("/status")).isEqualTo("running");
    Answer file = upload(id, "in.csv", "a,b\n1,2\n");
    assertThat(file.status()).as(file.body()).isEqualTo(200);
    assertThat(file.text("/source")).isEqualTo("user");
    String tool = "\"tools\":[{\"type\":\"code_interpreter\",\"container\":\"" + id + "\"}]";

    engine.script(python("open('in.csv').read()"));
    Answer done = node.post("/responses", request(tool, ""));
    assertThat(done.text("/output_text")).isEqualTo("'a,b\\n1,2\\n'");
    assertThat(done.text("/output/0/container_id")).isEqualTo(id);

    String path = "/containers/" + id + "/files/" + file.text("/id");
    assertThat(node.get(path).text("/bytes")).isEqualTo("8");
    assertThat(node.call("DELETE", path, null).status()).isEqualTo(200);
    assertThat(node.get(path).status()).isEqualTo(404);
    assertThat(node.get("/containers").text("/data/0/id")).isEqualTo(id);
    assertThat(node.call("DELETE", "/containers/" + id, null).text("/object"))
        .isEqualTo("container.deleted");
    assertThat(node.get("/containers/" + id).status()).isEqualTo(404);
    Answer late = node.post("/responses", request(tool, ""));
    assertThat(late.status()).isEqualTo(400);
    assertThat(late.text("/error/param")).isEqualTo("tools[0].container");
  }

  private Answer upload(String container, String name, String text) throws Exception {
    String body =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
            + name
            + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            + text
            + "\r\n--b--\r\n";
    return node.call(
        node.request("/containers/" + container + "/files")
            .header("Content-Type", "multipart/form-data; boundary=b")
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  @Test
  void whatIsSomebodyElsesIsNotFound() {
    String id = node.post("/containers", "{\"name\":\"mine\"}").text("/id");
    var other =
        node.call(
            node.request("/containers/" + id)
                .setHeader("X-On-Behalf-Of", "somebody")
                .GET()
                .build());
    assertThat(other.status()).isEqualTo(404);
    assertThat(other.body())
        .isEqualTo(node.get("/containers/" + id + "x").body().replace(id + "x", id));
  }

  @Test
  void commandsAreRunInOrderAndTheirOutputIsAnItem() {
    engine.script(
        calls(
            "shell",
            List.of(Map.of("commands", List.of("echo one > a; cat a", "cat a missing; exit 4")))));
    String tool = "\"tools\":[{\"type\":\"shell\",\"environment\":{\"type\":\"container_auto\"}}]";
    Answer done = node.post("/responses", request(tool, ""));

    assertThat(done.status()).as(done.body()).isEqualTo(200);
    assertThat(done.text("/output/0/type")).isEqualTo("shell_call");
    assertThat(done.text("/output/0/action/commands/1")).isEqualTo("cat a missing; exit 4");
    assertThat(done.text("/output/1/type")).isEqualTo("shell_call_output");
    assertThat(done.text("/output/1/call_id")).isEqualTo(done.text("/output/0/call_id"));
    assertThat(done.text("/output/1/output/stdout")).isEqualTo("one\none\n");
    assertThat(done.text("/output/1/output/stderr")).contains("missing");
    assertThat(done.text("/output/1/output/outcome/exit_code")).isEqualTo("4");
    assertThat(Script.outputs(engine.turns().get(1))).hasSize(1);
    assertThat(Script.outputs(engine.turns().get(1)).getFirst()).contains("\"exit_code\":0");
  }

  @Test
  void aCommandThatTakesTooLongIsATimeout() {
    engine.script(
        calls(
            "shell",
            List.of(Map.of("commands", List.of("sleep 60", "echo no"), "timeout_ms", 300))));
    String tool = "\"tools\":[{\"type\":\"shell\"}]";
    Answer done = node.post("/responses", request(tool, ""));
    assertThat(done.text("/output/1/output/outcome/type")).isEqualTo("timeout");
    assertThat(done.text("/output/1/output/stdout")).isEmpty();
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    Map.of(
            "{\"type\":\"auto\",\"memory_limit\":\"64g\"}", "tools[0].container.memory_limit",
            "{\"type\":\"car\"}", "tools[0].container.type",
            "7", "tools[0].container",
            "{\"type\":\"auto\",\"file_ids\":[7]}", "tools[0].container.file_ids",
            "\"cntr_unknown\"", "tools[0].container")
        .forEach((container, param) -> {
          String tool =
              "\"tools\":[{\"type\":\"code_interpreter\",\"container\":" + container + "}]";
          Answer refused = node.post("/responses", request(tool, ""));
          assertThat(refused.status()).as(container + refused.body()).isEqualTo(400);
          assertThat(refused.text("/error/param")).isEqualTo(param);
        });
    for (String body :
        List.of(
            "{}",
            "{\"name\":\"\"}",
            "{\"name\":\"a\",\"memory_limit\":\"3g\"}",
            "{\"name\":\"a\",\"expires_after\":{\"anchor\":\"created_at\",\"minutes\":1}}",
            "{\"name\":\"a\",\"expires_after\":{\"anchor\":\"last_active_at\",\"minutes\":0}}",
            "{\"name\":\"a\",\"file_ids\":[\"file_none\"]}",
            "{\"name\":\"a\",\"network_policy\":{\"type\":\"allowlist\"}}")) {
      assertThat(node.post("/containers", body).status()).as(body).isEqualTo(400);
    }
  }
}
