package antiphon.protocol.content;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An image, by URL, data URI or file. */
public record InputImage(
    @Nullable ImageDetail detail,
    @Nullable String fileId,
    @Nullable String imageUrl,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements ContentPart {

  public InputImage {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "input_image";
  }
}
