package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
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
  void aLogThatIsToldLateStaysAsItWasTold() {
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("a", "b", "c")))) {
      String id = node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\"}").text("/id");
      String path = "/responses/" + id;
      node.post(path, "{\"metadata\":{\"k\":\"before\"}}");
      List<String> told = node.events(path + "?stream=true");
      assertThat(told.getFirst()).contains("response.created", "\"k\":\"before\"");
      assertThat(told.getLast())
          .contains("response.completed", "\"response\":" + node.get(path).body() + "}");

      node.post(path, "{\"metadata\":{\"k\":\"after\"}}");
      assertThat(node.events(path + "?stream=true")).isEqualTo(told);
      assertThat(node.events(path + "?stream=true&starting_after=2"))
          .isEqualTo(told.subList(3, told.size()));
    }
  }

  @Test
  void whoFollowsASynchronousResponseSeesWhatLaterOnesSee() {
    Gate gate = new Gate(10);
    ScriptedEngine engine = new ScriptedEngine(gate.script());
    try (Node node = new Node(folder, engine)) {
      CompletableFuture<Answer> made =
          CompletableFuture.supplyAsync(
              () -> node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\"}"));
      gate.pass(4);
      Await.until("listed", () -> node.get("/responses").json().at("/data").size() == 1);
      String path = "/responses/" + node.get("/responses").text("/data/0/id") + "?stream=true";
      Iterator<String> lines =
          node.client()
              .sendAsync(node.request(path).GET().build(), HttpResponse.BodyHandlers.ofLines())
              .join()
              .body()
              .iterator();
      List<String> followed = new ArrayList<>(List.of(lines.next()));
      gate.pass(6);
      assertThat(made.join().status()).isEqualTo(200);
      lines.forEachRemaining(followed::add);

      followed.removeIf(line -> !line.startsWith("data: {"));
      followed.replaceAll(line -> line.substring("data: ".length()));
      assertThat(followed).hasSize(2 + 2 + 10 + 3 + 1);
      assertThat(followed.getLast()).contains(made.join().body());
      assertThat(node.events(path)).isEqualTo(followed);
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
