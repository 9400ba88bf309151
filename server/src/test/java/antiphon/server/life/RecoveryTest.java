package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.life.Node.Answer;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.SettingsFile;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stopped server leaves behind goes on when it starts again. */
class RecoveryTest {

  private static final String BACKGROUND =
      "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}";

  @TempDir Path folder;

  @Test
  void aHalfMessageGoesOnAsTheSameItemWhereTheEngineCan() {
    Gate first = new Gate(10);
    String id;
    List<String> before;
    try (Node node = new Node(folder, new ScriptedEngine(first.script(), true))) {
      id = node.post("/responses", BACKGROUND).text("/id");
      first.pass(3);
      Await.until(
          "three words",
          () -> node.get("/responses/" + id).text("/output_text").equals("w0 w1 w2 "));
    }
    Gate second = new Gate(2);
    second.pass(2);
    ScriptedEngine engine = new ScriptedEngine(second.script(), true);
    try (Node node = new Node(folder, engine)) {
      Answer done = awaitEnd(node, id);
      assertThat(engine.turns().getFirst().continuation()).isEqualTo("w0 w1 w2 ");
      assertThat(done.text("/output_text")).isEqualTo("w0 w1 w2 w0 w1 ");
      assertThat(done.json().at("/usage/output_tokens").asInt()).isEqualTo(5);
      assertThat(done.json().at("/usage/input_tokens").asInt()).as("once").isBetween(1, 10);
      assertThat(done.json().at("/output").size()).isEqualTo(1);
      before = node.events("/responses/" + id + "?stream=true");
      for (int i = 0; i < before.size(); i++) {
        assertThat(before.get(i)).contains("\"sequence_number\":" + i + ",");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 3})
  void whatGoesOnSaysNoMoreThanTheRequestAllowed(int most) {
    String request =
        "{\"model\":\"auto\",\"input\":\"x\",\"background\":true,\"max_output_tokens\":%d}"
            .formatted(most);
    Gate first = new Gate(10);
    String id;
    try (Node node = new Node(folder, new ScriptedEngine(first.script(), true))) {
      id = node.post("/responses", request).text("/id");
      first.pass(3);
      Await.until(
          "three words",
          () -> node.get("/responses/" + id).text("/output_text").equals("w0 w1 w2 "));
    }
    Gate second = new Gate(2);
    second.pass(2);
    ScriptedEngine engine = new ScriptedEngine(second.script(), true);
    try (Node node = new Node(folder, engine)) {
      String end = most == 3 ? "incomplete" : "completed";
      Await.until(end, () -> node.get("/responses/" + id).text("/status").equals(end));
      Answer done = node.get("/responses/" + id);
      assertThat(done.json().at("/usage/output_tokens").asInt()).isEqualTo(most);
      assertThat(done.json().at("/max_output_tokens").asInt()).isEqualTo(most);
      if (most == 3) {
        assertThat(engine.turns()).as("nothing is left to be said").isEmpty();
        assertThat(done.text("/incomplete_details/reason")).isEqualTo("max_output_tokens");
        assertThat(done.text("/output_text")).isEqualTo("w0 w1 w2 ");
      } else {
        assertThat(engine.turns().getFirst().request().maxOutputTokens()).isEqualTo(2);
      }
    }
  }

  @Test
  void elseItIsWrittenAgainAndTheHalfOneIsLeftOut() {
    Gate first = new Gate(10);
    String id;
    try (Node node = new Node(folder, new ScriptedEngine(first.script()))) {
      id = node.post("/responses", BACKGROUND).text("/id");
      first.pass(3);
      Await.until(
          "three words",
          () -> node.get("/responses/" + id).text("/output_text").equals("w0 w1 w2 "));
    }
    Gate second = new Gate(2);
    second.pass(2);
    ScriptedEngine engine = new ScriptedEngine(second.script());
    try (Node node = new Node(folder, engine)) {
      Answer done = awaitEnd(node, id);
      assertThat(engine.turns().getFirst().continuation()).isNull();
      assertThat(engine.turns().getFirst().items())
          .as("the half message is not the model's own")
          .hasSize(1);
      assertThat(done.text("/output_text")).isEqualTo("w0 w1 ");
      assertThat(done.json().at("/output").size()).isEqualTo(1);
      assertThat(done.text("/output/0/id")).endsWith("o001");
      assertThat(node.events("/responses/" + id + "?stream=true"))
          .filteredOn(event -> event.contains("response.output_item.done"))
          .hasSize(2)
          .first()
          .asString()
          .contains("\"status\":\"incomplete\"");
    }
  }

  @Test
  void whatTakesItsNodeDownThreeTimesIsFailed() {
    Gate first = new Gate(1);
    String deadly;
    try (Node node = new Node(folder, new ScriptedEngine(first.script()), 1)) {
      var _ = node.post("/responses", BACKGROUND);
      deadly = node.post("/responses", BACKGROUND).text("/id");
    }
    DataFolder data = new DataFolder(folder);
    for (int death = 0; death < 3; death++) {
      try (Storage storage = Storage.open(SettingsFile.read(null, Map.of()).store(), data)) {
        assertThat(storage.responses().claim("dies_" + death, 10, Duration.ofSeconds(15)))
            .extracting(one -> one.response().id().value())
            .contains(deadly);
      }
    }
    ScriptedEngine engine = new ScriptedEngine(Script.words("a"));
    try (Node node = new Node(folder, engine)) {
      Await.until(
          "failed", () -> node.get("/responses/" + deadly).text("/status").equals("failed"));
      assertThat(node.get("/responses/" + deadly).text("/error/message")).contains("3 times");
      assertThat(engine.turns()).isEmpty();
    }
  }

  @Test
  void whatWaitedIsRun() {
    Gate first = new Gate(1);
    String waiting;
    try (Node node = new Node(folder, new ScriptedEngine(first.script()), 1)) {
      var _ = node.post("/responses", BACKGROUND);
      waiting = node.post("/responses", BACKGROUND).text("/id");
    }
    Gate second = new Gate(1);
    second.pass(10);
    try (Node node = new Node(folder, new ScriptedEngine(second.script()))) {
      assertThat(awaitEnd(node, waiting).text("/status")).isEqualTo("completed");
    }
  }

  private static Answer awaitEnd(Node node, String id) {
    Await.until(
        "completed", () -> node.get("/responses/" + id).text("/status").equals("completed"));
    return node.get("/responses/" + id);
  }
}
