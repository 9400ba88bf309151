package antiphon.tools.image;

import antiphon.core.trace.TraceParent;
import antiphon.core.trace.TraceScope;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Talks to the endpoint. Interrupting the thread ends a call at once. */
final class ImageClient implements AutoCloseable {

  /** An image is about as large in base64 as this, at most. */
  private static final long MOST = 32L << 20;

  private static final MediaType JSON = MediaType.get("application/json");

  private final ImageSettings settings;
  private final OkHttpClient http;

  ImageClient(ImageSettings settings) {
    this.settings = settings;
    http =
        new OkHttpClient.Builder()
            .protocols(List.of(Protocol.HTTP_1_1))
            .readTimeout(settings.limit())
            .callTimeout(settings.limit())
            .build();
  }

  /** Takes pictures that are on their way. */
  @FunctionalInterface
  interface Partial {
    void accept(int index, String base64) throws InterruptedException;
  }

  /**
   * What was made.
   *
   * @param told what the endpoint says of it besides
   */
  record Made(String base64, JsonNode told) {}

  /**
   * Makes an image.
   *
   * @param fields of the request
   * @param pictures to work on; none for a new image
   * @param mask which part of them to work on; null for all
   */
  Made make(ObjectNode fields, List<Picture> pictures, @Nullable Picture mask, Partial partial)
      throws ImageException, InterruptedException {
    Request.Builder request = new Request.Builder();
    if (pictures.isEmpty()) {
      request.url(settings.url() + "/images/generations");
      request.post(RequestBody.create(Json.bytes(fields), JSON));
    } else {
      request.url(settings.url() + "/images/edits");
      request.post(form(fields, pictures, mask));
    }
    if (settings.key() != null) {
      request.header("Authorization", "Bearer " + settings.key());
    }
    TraceScope.outgoing().ifPresent(trace -> request.header(TraceParent.HEADER, trace));
    Call call = http.newCall(request.build());
    try (Response response = call.execute()) {
      return read(response, partial);
    } catch (InterruptedIOException _) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new ImageException("The image took too long.");
    } catch (IOException _) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new ImageException("The image endpoint cannot be reached, or broke off.");
    } finally {
      call.cancel();
    }
  }

  private static RequestBody form(
      ObjectNode fields, List<Picture> pictures, @Nullable Picture mask) {
    MultipartBody.Builder form = new MultipartBody.Builder().setType(MultipartBody.FORM);
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      JsonNode value = field.getValue();
      form.addFormDataPart(field.getKey(), value.isString() ? value.asString() : value.toString());
    }
    for (int i = 0; i < pictures.size(); i++) {
      part(form, pictures.size() == 1 ? "image" : "image[]", pictures.get(i), "image" + i);
    }
    if (mask != null) {
      part(form, "mask", mask, "mask");
    }
    return form.build();
  }

  private static void part(MultipartBody.Builder form, String name, Picture picture, String stem) {
    form.addFormDataPart(
        name,
        picture.fileName(stem),
        RequestBody.create(picture.bytes(), MediaType.get(picture.mediaType())));
  }

  private static Made read(Response response, Partial partial)
      throws IOException, ImageException, InterruptedException {
    BufferedSource source = response.body().source();
    String type = String.valueOf(response.header("Content-Type")).toLowerCase(Locale.ROOT);
    if (response.isSuccessful() && type.startsWith("text/event-stream")) {
      return events(source, partial);
    }
    if (source.request(MOST + 1)) {
      throw new ImageException("The image is larger than this server passes on.");
    }
    JsonNode answer = tree(source.readByteArray());
    if (!response.isSuccessful()) {
      String why = answer.path("error").path("message").asString("");
      throw new ImageException(
          "The image endpoint answered with HTTP "
              + response.code()
              + (why.isEmpty() ? "." : ": " + why.substring(0, Math.min(1000, why.length()))));
    }
    JsonNode image = answer.path("data").path(0);
    String base64 = image.path("b64_json").asString("");
    if (base64.isEmpty()) {
      throw new ImageException("The image endpoint did not answer with an image in base64.");
    }
    ObjectNode told = (ObjectNode) Json.toTree(Map.of());
    answer.properties().stream()
        .filter(field -> !field.getKey().equals("data"))
        .forEach(field -> told.set(field.getKey(), field.getValue()));
    if (image.path("revised_prompt").isString()) {
      told.set("revised_prompt", image.get("revised_prompt"));
    }
    return new Made(base64, told);
  }

  private static Made events(BufferedSource source, Partial partial)
      throws IOException, ImageException, InterruptedException {
    long left = MOST * 4;
    for (String line = line(source); line != null; line = line(source)) {
      left -= line.length();
      if (left < 0) {
        throw new ImageException("The image is larger than this server passes on.");
      }
      if (!line.startsWith("data:") || line.startsWith("data: [DONE]")) {
        continue;
      }
      JsonNode event = tree(line.substring(5).strip().getBytes(StandardCharsets.UTF_8));
      String type = event.path("type").asString("");
      String base64 = event.path("b64_json").asString("");
      if (type.endsWith(".partial_image")) {
        partial.accept(event.path("partial_image_index").asInt(0), base64);
      } else if (type.endsWith(".completed") && !base64.isEmpty()) {
        return new Made(base64, event);
      } else if (event.has("error")) {
        throw new ImageException(
            "The image endpoint failed: "
                + event.path("error").path("message").asString("it did not say why"));
      }
    }
    throw new ImageException("The image endpoint broke off.");
  }

  private static @Nullable String line(BufferedSource source) throws IOException {
    if (source.exhausted()) {
      return null;
    }
    return source.readUtf8LineStrict(MOST);
  }

  private static JsonNode tree(byte[] json) throws ImageException {
    try {
      return Json.tree(json);
    } catch (InvalidJson _) {
      throw new ImageException("The image endpoint answered with something that is no JSON.");
    }
  }

  @Override
  public void close() {
    http.connectionPool().evictAll();
    http.dispatcher().executorService().shutdown();
  }
}
