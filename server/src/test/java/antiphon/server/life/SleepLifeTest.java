package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.server.life.Node.Answer;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.Await;
import antiphon.tools.sleep.SleepRunner;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses whose model sleeps. */
class SleepLifeTest {

  private static final String KIND = ",\"background\":true";

  @TempDir Path folder;

  private Node node(String arguments) {
    Storage storage = Stores.sqlite(folder);
    ServerTools tools =
        new ServerTools(List.of(new SleepRunner(storage.responses().clock())), ToolLimits.USUAL);
    return new Node(
        storage,
        new ScriptedEngine(Script.call("sleep", arguments)),
        new ReasoningSeal(new byte[32]),
        tools);
  }

  private static String request(String more) {
    return "{\"model\":\"auto\",\"input\":\"x\",\"tools\":[{\"type\":\"sleep\"}]" + more + "}";
  }

  private static String wake(String id) {
    return "/responses/" + id + "/wake";
  }

  /** Until it says that it sleeps. */
  private static void awaitSleep(Node node, String id) {
    HttpRequest request =
        node.request("/responses/" + id + "?stream=true&starting_after=0").GET().build();
    try (Stream<String> lines =
        node.client().send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      assertThat(lines.anyMatch(line -> line.contains("response.sleep_call.sleeping"))).isTrue();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Answer ended(Node node, String id) {
    Await.until("the end", () -> node.get("/responses/" + id).text("/status").equals("completed"));
    return node.get("/responses/" + id);
  }

  @Test
  void aMessageWakesItAtOnceAndOnlyOnce() {
    try (Node node = node("{\"duration_seconds\":600,\"reason\":\"tea\"}")) {
      String id = node.post("/responses", request(KIND)).text("/id");
      awaitSleep(node, id);
      Answer woken = node.post(wake(id), "{\"input\":\"the tea is ready\"}");
      assertThat(woken.status()).as(woken.body()).isEqualTo(200);
      assertThat(woken.text("/object")).isEqualTo("response.sleep_wake");
      assertThat(woken.text("/response_id")).isEqualTo(id);
      assertThat(Instant.parse(woken.text("/created_at"))).isNotNull();
      Answer done = ended(node, id);
      assertThat(done.text("/output_text"))
          .contains("\"status\":\"interrupted\"", "\"message\":\"the tea is ready\"");
      assertThat(done.text("/output/0/name")).isEqualTo("sleep");
      assertThat(done.text("/output/0/server_label")).isEqualTo("antiphon");
      assertThat(node.post(wake(id), "{\"input\":\"again\"}").status()).isEqualTo(409);
      assertThat(
              node.events("/responses/" + id + "?stream=true").stream()
                  .map(e -> Node.json(e).at("/type").asString()))
          .containsSubsequence(
              "response.output_item.added",
              "response.sleep_call.in_progress",
              "response.sleep_call.sleeping",
              "response.sleep_call.completed",
              "response.output_item.done",
              "response.output_text.delta",
              "response.completed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {KIND, ""})
  void itsTimeComes(String kind) {
    try (Node node = node("{\"duration_seconds\":0.3}")) {
      String id = node.post("/responses", request(kind)).text("/id");
      assertThat(ended(node, id).text("/output_text")).contains("\"status\":\"woke\"");
    }
  }

  @Test
  void aForegroundResponseIsWokenToo() {
    try (Node node = node("{\"duration_seconds\":600}")) {
      Thread.startVirtualThread(() -> node.post("/responses", request(",\"stream\":true")));
      Await.until("it is there", () -> node.get("/responses").json().at("/data").size() == 1);
      String id = node.get("/responses").text("/data/0/id");
      awaitSleep(node, id);
      Await.until("it is woken", () -> node.post(wake(id), "{\"input\":\"up\"}").status() == 200);
      assertThat(ended(node, id).text("/output_text")).contains("\"message\":\"up\"");
    }
  }

  @Test
  void aRestartDoesNotForgetIt() {
    String id;
    try (Node node = node("{\"duration_seconds\":600}")) {
      id = node.post("/responses", request(KIND)).text("/id");
      awaitSleep(node, id);
    }
    try (Node node = node("{\"duration_seconds\":600}")) {
      assertThat(node.get("/responses/" + id).text("/status")).isEqualTo("in_progress");
      assertThat(node.post(wake(id), "{\"input\":\"up\"}").status()).isEqualTo(200);
      assertThat(ended(node, id).text("/output_text")).contains("\"message\":\"up\"");
    }
  }

  @Test
  void cancelEndsItAtOnce() {
    try (Node node = node("{\"duration_seconds\":600}")) {
      String id = node.post("/responses", request(KIND)).text("/id");
      awaitSleep(node, id);
      assertThat(node.post("/responses/" + id + "/cancel", null).text("/status"))
          .isEqualTo("cancelled");
      assertThat(node.post(wake(id), "{\"input\":\"up\"}").status()).isEqualTo(409);
      assertThat(node.get("/responses/" + id).text("/status")).isEqualTo("cancelled");
    }
  }

  @Test
  void argumentsThatMeanNoTimeComeBack() {
    try (Node node = node("{\"wake_at\":\"tomorrow\"}")) {
      Answer done = node.post("/responses", request(""));
      assertThat(done.text("/output_text")).contains("duration_seconds");
      assertThat(done.text("/output/0/status")).isEqualTo("failed");
    }
  }

  @Test
  void whatCannotBeWoken() {
    try (Node node = node("{}")) {
      String id = node.post("/responses", request("")).text("/id");
      assertThat(node.post(wake(id), "{\"input\":\"x\"}").status()).isEqualTo(409);
      assertThat(node.post(wake(id), "{\"input\":\"x\"}").header("x-should-retry"))
          .isEqualTo("false");
      assertThat(node.post(wake("resp_0000"), "{\"input\":\"x\"}").status()).isEqualTo(404);
      assertThat(node.post(wake("nonsense"), "{\"input\":\"x\"}").status()).isEqualTo(400);
      assertThat(node.post(wake(id), "{\"input\":\"\"}").text("/error/param")).isEqualTo("input");
      String most = "é".repeat(20_000);
      assertThat(node.post(wake(id), "{\"input\":\"" + most + "\"}").status()).isEqualTo(409);
      assertThat(node.post(wake(id), "{\"input\":\"" + most + "x\"}").status()).isEqualTo(400);
      assertThat(node.post(wake(id), "{}").text("/error/param")).isEqualTo("input");
      assertThat(node.post(wake(id), "{\"input\":5}").status()).isEqualTo(400);
    }
  }
}
