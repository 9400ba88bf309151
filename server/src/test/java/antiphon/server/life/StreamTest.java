package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One log: whoever reads on from anywhere gets the same bytes. */
class StreamTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyResumeIsTheRest(boolean background) {
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("a", "b", "c")))) {
      Answer made =
          node.post(
              "/responses",
              "{\"model\":\"auto\",\"input\":\"x\",\"background\":" + background + "}");
      String path = "/responses/" + made.text("/id") + "?stream=true";
      List<String> whole = node.events(path);
      assertThat(whole.getFirst()).contains("response.created");
      assertThat(whole.getLast()).contains("response.completed");
      for (int after = -1; after < whole.size(); after++) {
        assertThat(node.events(path + "&starting_after=" + after))
            .isEqualTo(whole.subList(after + 1, whole.size()));
      }
    }
  }

  @Test
  void readersOfARunningResponseSeeWhatLaterOnesSee() {
    Gate gate = new Gate(50);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine)) {
      String id =
          node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}")
              .text("/id");
      List<CompletableFuture<List<String>>> readers =
          List.of(-1, 0, 1, 5).stream()
              .map(after ->
                  CompletableFuture.supplyAsync(() ->
                      node.events("/responses/" + id + "?stream=true&starting_after=" + after)))
              .toList();
      gate.pass(50);
      List<String> whole = readers.getFirst().join();
      assertThat(whole).hasSize(3 + 2 + 50 + 3 + 1);
      assertThat(readers.get(1).join()).isEqualTo(whole.subList(1, whole.size()));
      assertThat(readers.get(2).join()).isEqualTo(whole.subList(2, whole.size()));
      assertThat(readers.get(3).join()).isEqualTo(whole.subList(6, whole.size()));
      assertThat(node.events("/responses/" + id + "?stream=true")).isEqualTo(whole);
    }
  }
}
