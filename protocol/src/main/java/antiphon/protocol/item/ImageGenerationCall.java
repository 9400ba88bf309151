package antiphon.protocol.item;

import antiphon.protocol.json.AlwaysWritten;
import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An image that was made; the result is base64. */
public record ImageGenerationCall(
    @Nullable String id,
    @Required ItemStatus status,
    @AlwaysWritten @Nullable String result,
    @Nullable String background,
    @Nullable String outputFormat,
    @Nullable String quality,
    @Nullable String size,
    @Nullable String revisedPrompt,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public ImageGenerationCall {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "image_generation_call";
  }

  @Override
  public ImageGenerationCall withId(String id) {
    return new ImageGenerationCall(
        id, status, result, background, outputFormat, quality, size, revisedPrompt, extra);
  }

  @Override
  public ImageGenerationCall withStatus(ItemStatus status) {
    return new ImageGenerationCall(
        id, status, result, background, outputFormat, quality, size, revisedPrompt, extra);
  }
}
