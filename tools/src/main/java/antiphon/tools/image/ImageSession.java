package antiphon.tools.image;

import antiphon.core.log.NextEvent;
import antiphon.core.tool.CallItem;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolOutputSink;
import antiphon.core.tool.ToolProgress;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.event.ImageGenerationCallEvent;
import antiphon.protocol.item.ImageGenerationCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.ImageGenerationTool;
import antiphon.protocol.tool.ToolChoice;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The images of one run. */
final class ImageSession implements ToolSession {

  static final String MADE = "The image was made, and is shown to the user.";

  private static final int LONGEST_PROMPT = 32_000;

  private final ImageSettings settings;
  private final ImageClient client;
  private final ImageGenerationTool tool;
  private volatile List<Picture> pictures = List.of();

  ImageSession(ImageSettings settings, ImageClient client, ImageGenerationTool tool) {
    this.settings = settings;
    this.client = client;
    this.tool = tool;
  }

  @Override
  public void prepare(List<Item> conversation, ToolOutputSink output) {
    pictures = Picture.in(conversation);
  }

  @Override
  public List<FunctionTool> functions() {
    String edit =
        pictures.isEmpty()
            ? ""
            : ",\"edit\":{\"type\":\"boolean\",\"description\":\"Whether to change the pictures of"
                + " this conversation instead of making a new one.\"}";
    String json =
        "{\"type\":\"object\",\"properties\":{\"prompt\":{\"type\":\"string\",\"description\":"
            + "\"What is to be seen, in detail.\"}"
            + edit
            + "},\"required\":[\"prompt\"]}";
    Map<String, JsonNode> parameters = new LinkedHashMap<>();
    Json.tree(json.getBytes(StandardCharsets.UTF_8))
        .properties()
        .forEach(field -> parameters.put(field.getKey(), field.getValue()));
    return List.of(
        new FunctionTool(
            ImageRunner.NAME,
            "Makes an image, which is shown to the user.",
            parameters,
            false,
            null,
            Map.of()));
  }

  @Override
  public List<String> chosen(ToolChoice choice) {
    boolean meant =
        switch (choice) {
          case ToolChoice.Hosted hosted -> hosted.type().equals(ImageRunner.NAME);
          case ToolChoice.Allowed allowed ->
              allowed.tools().stream().anyMatch(one -> one.type().equals(ImageRunner.NAME));
          case ToolChoice.Mode _, ToolChoice.Function _, ToolChoice.Custom _, ToolChoice.Mcp _ ->
              false;
        };
    return meant ? List.of(ImageRunner.NAME) : List.of();
  }

  @Override
  public CallItem show(String function) {
    return new Shown();
  }

  /** It costs a second image, and nothing else. */
  @Override
  public boolean repeatable(ToolCall call) {
    return true;
  }

  @Override
  public ToolOutcome run(ToolCall call, ToolProgress progress) throws InterruptedException {
    JsonNode args = read(call.arguments());
    String prompt = args.path("prompt").asString("");
    if (prompt.isBlank() || prompt.length() > LONGEST_PROMPT) {
      return failed(call, "The arguments need a 'prompt' of up to 32,000 characters.");
    }
    progress.show(
        seq -> new ImageGenerationCallEvent.Generating(seq, call.itemId(), call.outputIndex()));
    boolean edit = args.path("edit").asBoolean(false) && !pictures.isEmpty();
    JsonNode mask = tool.inputImageMask();
    try {
      ImageClient.Made made =
          client.make(
              fields(prompt),
              edit ? pictures : List.of(),
              edit && mask != null
                  ? Picture.of(mask.path("image_url").asString("")).orElse(null)
                  : null,
              (index, base64) -> progress.show(partial(call, index, base64)));
      NextEvent completed =
          seq ->
              new ImageGenerationCallEvent.Completed(seq, call.itemId(), call.outputIndex(), MADE);
      return ToolOutcome.Done.of(item(call, made), List.of(completed), MADE);
    } catch (ImageException e) {
      return failed(call, e.getMessage());
    }
  }

  private ObjectNode fields(String prompt) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    put(fields, "model", auto(tool.model()) ? settings.model() : tool.model());
    fields.put("prompt", prompt).put("n", 1);
    put(fields, "size", tool.size());
    put(fields, "quality", tool.quality());
    put(fields, "background", tool.background());
    put(fields, "output_format", tool.outputFormat());
    put(fields, "moderation", tool.moderation());
    put(fields, "response_format", settings.responseFormat());
    if (tool.outputCompression() != null && tool.outputCompression() != 100) {
      fields.put("output_compression", tool.outputCompression());
    }
    if (tool.partialImages() != null && tool.partialImages() > 0) {
      fields.put("partial_images", tool.partialImages()).put("stream", true);
    }
    return fields;
  }

  private static boolean auto(@Nullable String value) {
    return value == null || value.equals("auto");
  }

  /** What is left to the endpoint is not said: not each of them knows the word. */
  private static void put(ObjectNode fields, String name, @Nullable String value) {
    if (!auto(value)) {
      fields.put(name, value);
    }
  }

  private static NextEvent partial(ToolCall call, int index, String base64) {
    return seq ->
        new ImageGenerationCallEvent.PartialImage(
            seq, call.itemId(), call.outputIndex(), index, base64, Map.of());
  }

  private ImageGenerationCall item(ToolCall call, ImageClient.Made made) {
    return new ImageGenerationCall(
        call.itemId(),
        ItemStatus.COMPLETED,
        made.base64(),
        told(made, "background", tool.background()),
        told(made, "output_format", tool.outputFormat()),
        told(made, "quality", tool.quality()),
        told(made, "size", tool.size()),
        told(made, "revised_prompt", null),
        Map.of());
  }

  private static @Nullable String told(
      ImageClient.Made made, String field, @Nullable String asked) {
    JsonNode value = made.told().path(field);
    return value.isString() ? value.asString() : asked;
  }

  private static ToolOutcome failed(ToolCall call, String reason) {
    NextEvent event =
        seq -> new ImageGenerationCallEvent.Failed(seq, call.itemId(), call.outputIndex(), reason);
    return ToolOutcome.Done.of(plain(call.itemId(), ItemStatus.FAILED), List.of(event), reason);
  }

  private static ImageGenerationCall plain(String id, ItemStatus status) {
    return new ImageGenerationCall(id, status, "", null, null, null, null, null, Map.of());
  }

  private static JsonNode read(String arguments) {
    try {
      return Json.tree(arguments.getBytes(StandardCharsets.UTF_8));
    } catch (InvalidJson _) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  @Override
  public Item notRun(ToolCall call, String reason) {
    return plain(call.itemId(), ItemStatus.FAILED);
  }

  /** Shown when its arguments are whole: its first event has them. */
  private static final class Shown implements CallItem {

    private String arguments = "";

    @Override
    public String prefix() {
      return "ig";
    }

    @Override
    public boolean early() {
      return false;
    }

    @Override
    public Item begun(String itemId, String callId, String whole) {
      arguments = whole;
      return plain(itemId, ItemStatus.IN_PROGRESS);
    }

    @Override
    public List<NextEvent> added(String itemId, int outputIndex) {
      ObjectNode args = JsonNodeFactory.instance.objectNode();
      args.put("prompt", read(arguments).path("prompt").asString(""));
      return List.of(
          seq -> new ImageGenerationCallEvent.InProgress(seq, itemId, outputIndex, args));
    }
  }
}
