package antiphon.testkit.image;

import antiphon.protocol.json.Json;
import antiphon.testkit.upstream.Answer;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Request;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.imageio.ImageIO;
import tools.jackson.databind.JsonNode;

/**
 * An endpoint that speaks OpenAI's API of images and draws: a disc whose colour follows from the
 * prompt, on a ground that is another one for a picture that was changed. A prompt with {@code
 * hang} is never answered, one with {@code fail} is refused.
 */
public final class DrawingServer implements AutoCloseable {

  private static final int SIZE = 32;

  private final FakeUpstream http = new FakeUpstream(this::play);
  private final CountDownLatch hanging = new CountDownLatch(1);

  /** The base URL with its version. */
  public String url() {
    return http.url();
  }

  /** All requests so far. */
  public List<Request> requests() {
    return http.requests();
  }

  /** How many clients went away while they waited. */
  public int gone() {
    return http.gone();
  }

  /** Opens when a request hangs. */
  public CountDownLatch hanging() {
    return hanging;
  }

  private void play(Request request, Answer answer) throws IOException {
    boolean edit = request.path().endsWith("/images/edits");
    String body = request.body();
    if (body.contains("hang")) {
      hanging.countDown();
      answer.hang();
    } else if (body.contains("fail")) {
      answer.json(400, "{\"error\":{\"message\":\"That cannot be drawn.\"}}");
    } else if (edit) {
      answer.json(200, whole(picture(body, true), "edited"));
    } else {
      made(Json.tree(body.getBytes(StandardCharsets.UTF_8)), answer);
    }
  }

  private static void made(JsonNode request, Answer answer) throws IOException {
    String prompt = request.path("prompt").asString("");
    String picture = picture(prompt, false);
    if (!request.path("stream").asBoolean(false)) {
      answer.json(200, whole(picture, prompt));
      return;
    }
    answer.stream();
    for (int i = 0; i < request.path("partial_images").asInt(0); i++) {
      answer.raw(event("image_generation.partial_image", picture, i));
    }
    answer.raw(event("image_generation.completed", picture, 0));
  }

  private static String whole(String base64, String prompt) {
    return "{\"created\":1,\"output_format\":\"png\",\"size\":\"32x32\",\"data\":[{\"b64_json\":\""
        + base64
        + "\",\"revised_prompt\":"
        + Json.text("a disc: " + prompt)
        + "}]}";
  }

  private static String event(String type, String base64, int index) {
    return "event: %s\ndata: {\"type\":\"%s\",\"b64_json\":\"%s\",\"partial_image_index\":%d,\"size\":\"32x32\"}\n\n"
        .formatted(type, type, base64, index);
  }

  private static String picture(String prompt, boolean changed) throws IOException {
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setColor(changed ? Color.BLACK : Color.WHITE);
    pen.fillRect(0, 0, SIZE, SIZE);
    pen.setColor(new Color(prompt.hashCode() & 0xffffff));
    pen.fillOval(4, 4, SIZE - 8, SIZE - 8);
    pen.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return Base64.getEncoder().encodeToString(png.toByteArray());
  }

  @Override
  public void close() {
    http.close();
  }
}
