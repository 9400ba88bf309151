package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes images. */
public record ImageGenerationTool(
    @Nullable String background,
    @Nullable String inputFidelity,
    @Nullable JsonNode inputImageMask,
    @Nullable String model,
    @Nullable String moderation,
    @Nullable Integer outputCompression,
    @Nullable String outputFormat,
    @Nullable Integer partialImages,
    @Nullable String quality,
    @Nullable String size,
    @Nullable String promptGuard,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public ImageGenerationTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "image_generation";
  }
}
