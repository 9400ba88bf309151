package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseLifeTest {

  @TempDir Path folder;

  @Test
  void aSynchronousResponseIsAnsweredAndKept() {
    ScriptedEngine engine = new ScriptedEngine(Script.words("Hello", ", ", "world"));
    try (Node node = new Node(folder, engine)) {
      Answer made = node.post("/responses", "{\"model\":\"auto\",\"input\":\"Hi\"}");
      System.out.println(made.body());
      assertThat(made.status()).isEqualTo(200);
      assertThat(made.text("/status")).isEqualTo("completed");
      assertThat(made.text("/output_text")).isEqualTo("Hello, world");
      Answer kept = node.get("/responses/" + made.text("/id"));
      assertThat(kept.body()).isEqualTo(made.body());
      Answer events = node.get("/responses/" + made.text("/id") + "?stream=true");
      System.out.println(events.body());
      Answer bg =
          node.post("/responses", "{\"model\":\"auto\",\"input\":\"Hi\",\"background\":true,\"stream\":true}");
      System.out.println(bg.body());
      Answer cancel = node.post("/responses/" + made.text("/id") + "/cancel", null);
      System.out.println(cancel.status() + cancel.body());
    }
  }
}
