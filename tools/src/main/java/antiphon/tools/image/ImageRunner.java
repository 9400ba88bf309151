package antiphon.tools.image;

import antiphon.core.engine.Engine;
import antiphon.core.response.Owner;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolRunner;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.ImageGenerationCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.HostedTool;
import antiphon.protocol.tool.ImageGenerationTool;
import antiphon.protocol.tool.Tool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Runs the tool {@code image_generation}, with options or by its bare type. */
public final class ImageRunner implements ToolRunner {

  static final String NAME = "image_generation";

  private static final ImageGenerationTool PLAIN =
      new ImageGenerationTool(
          null, null, null, null, null, null, null, null, null, null, null, Map.of());

  private final ImageSettings settings;
  private final ImageClient client;

  public ImageRunner(ImageSettings settings) {
    this.settings = settings;
    client = new ImageClient(settings);
  }

  @Override
  public boolean serves(Tool tool) {
    return tool instanceof ImageGenerationTool
        || (tool instanceof HostedTool hosted && hosted.type().equals(NAME));
  }

  @Override
  public Optional<Engine.Refusal> refuses(Owner owner, CreateResponse request, int index) {
    List<Tool> tools = request.tools() == null ? List.of() : request.tools();
    return tools.get(index) instanceof ImageGenerationTool tool
        ? Optional.ofNullable(refusal(tool, "tools[" + index + "]"))
        : Optional.empty();
  }

  private static Engine.@Nullable Refusal refusal(ImageGenerationTool tool, String param) {
    Integer partial = tool.partialImages();
    if (partial != null && (partial < 0 || partial > 3)) {
      return refused(param + ".partial_images", "must be between 0 and 3");
    }
    Integer compression = tool.outputCompression();
    if (compression != null && (compression < 0 || compression > 100)) {
      return refused(param + ".output_compression", "must be between 0 and 100");
    }
    JsonNode mask = tool.inputImageMask();
    if (mask != null && Picture.of(mask.path("image_url").asString("")).isEmpty()) {
      return refused(
          param + ".input_image_mask.image_url",
          "must be a data URL of a PNG, JPEG or WebP picture");
    }
    return null;
  }

  private static Engine.Refusal refused(String param, String what) {
    return new Engine.Refusal(param, "Invalid '" + param + "': it " + what + ".");
  }

  @Override
  public ToolSession open(ToolContext context, List<Tool> tools) {
    ImageGenerationTool tool =
        tools.getFirst() instanceof ImageGenerationTool given ? given : PLAIN;
    return new ImageSession(settings, client, tool);
  }

  @Override
  public Optional<List<Item>> told(Item item) {
    if (!(item instanceof ImageGenerationCall made)) {
      return Optional.empty();
    }
    String callId = "call_" + made.idOrEmpty();
    boolean well = made.result() != null && !made.result().isEmpty();
    return Optional.of(
        List.of(
            new FunctionCall(null, callId, NAME, "{}", ItemStatus.COMPLETED, Map.of()),
            new FunctionCallOutput(
                null,
                callId,
                new ToolOutput.Text(well ? ImageSession.MADE : "No image was made."),
                ItemStatus.COMPLETED,
                Map.of())));
  }

  @Override
  public void close() {
    client.close();
  }
}
