package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** About where the user is. */
public record UserLocation(
    @Nullable String type,
    @Nullable String city,
    @Nullable String country,
    @Nullable String region,
    @Nullable String timezone,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public UserLocation {
    extra = Extra.of(extra);
  }
}
