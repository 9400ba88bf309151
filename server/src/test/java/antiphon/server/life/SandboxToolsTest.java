package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.Script;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Responses whose model runs code and commands. */
class SandboxToolsTest extends SandboxFixture {

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
}
