package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.testkit.engine.ScriptedEngine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that refuses every call is heard of in the log, and not once a call. */
class EngineTroubleTest {

  @TempDir private Path folder;

  @Test
  void oneLineSaysWhatTheEngineAnswers() {
    String words = "The engine 'refusing' answered 401: Incorrect key ***";
    ScriptedEngine engine =
        new ScriptedEngine(
            "refusing",
            (_, _) -> {
              throw new EngineException(
                  new Problem.Engine(Problem.Engine.Kind.BROKEN, words, null));
            });
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(heard, true, StandardCharsets.UTF_8));
    try (Node node = new Node(folder, engine)) {
      for (int i = 0; i < 20; i++) {
        assertThat(node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\"}").status())
            .isEqualTo(502);
      }
    } finally {
      System.setErr(before);
    }
    assertThat(heard.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains(words)))
        .hasSize(1);
  }
}
