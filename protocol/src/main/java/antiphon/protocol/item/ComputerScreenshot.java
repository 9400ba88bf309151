package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A picture of the screen. */
public record ComputerScreenshot(
    @Required String type,
    @Nullable String fileId,
    @Nullable String imageUrl,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public ComputerScreenshot {
    extra = Extra.of(extra);
  }
}
