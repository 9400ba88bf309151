package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.server.life.Node.Answer;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.image.DrawingServer;
import antiphon.testkit.store.Await;
import antiphon.tools.image.ImageRunner;
import antiphon.tools.image.ImageSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Responses whose model has images made. */
class ImageLifeTest {

  private final DrawingServer endpoint = new DrawingServer();

  @TempDir Path folder;

  @AfterEach
  void close() {
    endpoint.close();
  }

  private Node node(String arguments) {
    Storage storage = Stores.sqlite(folder);
    ImageRunner runner =
        new ImageRunner(
            new ImageSettings(endpoint.url(), "sk-i", "draw-1", null, Duration.ofSeconds(20)));
    return new Node(
        storage,
        new ScriptedEngine(Script.call("image_generation", arguments)),
        new ReasoningSeal(new byte[32]),
        new ServerTools(List.of(runner), ToolLimits.USUAL));
  }

  private static String request(String tool, String more) {
    return "{\"model\":\"auto\",\"input\":\"x\",\"tools\":[" + tool + "]" + more + "}";
  }

  private static void requirePicture(String base64) throws IOException {
    byte[] bytes = Base64.getDecoder().decode(base64);
    assertThat(ImageIO.read(new ByteArrayInputStream(bytes)).getWidth()).isEqualTo(32);
  }

  @Test
  void anImageIsMade() throws Exception {
    try (Node node = node("{\"prompt\":\"a red disc\"}")) {
      for (String tool :
          List.of(
              "{\"type\":\"image_generation\"}",
              "{\"type\":\"image_generation\",\"size\":\"auto\",\"quality\":\"low\"}")) {
        Answer done = node.post("/responses", request(tool, ""));
        assertThat(done.text("/output/0/type")).as(done.body()).isEqualTo("image_generation_call");
        assertThat(done.text("/output/0/status")).isEqualTo("completed");
        assertThat(done.text("/output/0/size")).isEqualTo("32x32");
        assertThat(done.text("/output/0/revised_prompt")).isEqualTo("a disc: a red disc");
        requirePicture(done.text("/output/0/result"));
        assertThat(done.text("/output_text")).contains("shown to the user");
      }
      var sent = endpoint.requests().getLast();
      assertThat(sent.headers()).containsEntry("authorization", "Bearer sk-i");
      assertThat(sent.body())
          .contains("\"model\":\"draw-1\"", "\"quality\":\"low\"")
          .doesNotContain("auto");
    }
  }

  @Test
  void partsOfItAreShownOnTheWay() {
    try (Node node = node("{\"prompt\":\"a red disc\"}")) {
      String tool = "{\"type\":\"image_generation\",\"partial_images\":2}";
      String id = node.post("/responses", request(tool, ",\"background\":true")).text("/id");
      assertThat(
              node.events("/responses/" + id + "?stream=true").stream()
                  .map(e -> Node.json(e).at("/type").asString()))
          .containsSubsequence(
              "response.output_item.added",
              "response.image_generation_call.in_progress",
              "response.image_generation_call.generating",
              "response.image_generation_call.partial_image",
              "response.image_generation_call.partial_image",
              "response.image_generation_call.completed",
              "response.output_item.done",
              "response.completed");
    }
  }

  @Test
  void aPictureOfTheConversationIsChanged() throws Exception {
    try (Node node = node("{\"prompt\":\"make it black\",\"edit\":true}")) {
      String input =
          "[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"x\"},{\"type\":"
              + "\"input_image\",\"image_url\":\"data:image/png;base64,aGVsbG8=\"}]}]";
      String tool =
          "{\"type\":\"image_generation\",\"input_image_mask\":{\"image_url\":"
              + "\"data:image/png;base64,bWFzaw==\"}}";
      Answer done =
          node.post(
              "/responses", request(tool, "").replace("\"x\",\"tools\"", input + ",\"tools\""));
      requirePicture(done.text("/output/0/result"));
      assertThat(endpoint.requests().getLast().path()).endsWith("/images/edits");
      assertThat(endpoint.requests().getLast().body())
          .contains("name=\"image\"", "hello", "name=\"mask\"", "mask", "make it black");
    }
  }

  @Test
  void aFailureIsTheModelsToSee() {
    try (Node node = node("{\"prompt\":\"fail\"}")) {
      Answer done = node.post("/responses", request("{\"type\":\"image_generation\"}", ""));
      assertThat(done.text("/output/0/status")).isEqualTo("failed");
      assertThat(done.text("/output_text")).contains("HTTP 400: That cannot be drawn.");
    }
    try (Node node = node("{}")) {
      Answer done = node.post("/responses", request("{\"type\":\"image_generation\"}", ""));
      assertThat(done.text("/output_text")).contains("'prompt'");
    }
  }

  @Test
  void cancelStopsIt() throws Exception {
    try (Node node = node("{\"prompt\":\"hang\"}")) {
      String id =
          node.post(
                  "/responses", request("{\"type\":\"image_generation\"}", ",\"background\":true"))
              .text("/id");
      endpoint.hanging().await();
      assertThat(node.post("/responses/" + id + "/cancel", null).text("/status"))
          .isEqualTo("cancelled");
      Await.until("the endpoint is left", () -> endpoint.gone() == 1);
    }
  }

  @Test
  void whatCannotBeIsRefusedByItsField() {
    try (Node node = node("{}")) {
      Map<String, String> wrong =
          Map.of(
              "\"partial_images\":4", "tools[0].partial_images",
              "\"output_compression\":101", "tools[0].output_compression",
              "\"input_image_mask\":{\"file_id\":\"file_1\"}",
                  "tools[0].input_image_mask.image_url");
      wrong.forEach((field, param) -> {
        Answer answer =
            node.post("/responses", request("{\"type\":\"image_generation\"," + field + "}", ""));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("/error/param")).isEqualTo(param);
      });
    }
    try (Node node = new Node(folder.resolve("none"), new ScriptedEngine(Script.words("x")))) {
      Answer answer = node.post("/responses", request("{\"type\":\"image_generation\"}", ""));
      assertThat(answer.status()).as("without an endpoint").isEqualTo(400);
      assertThat(answer.text("/error/message")).contains("image_generation");
    }
  }
}
