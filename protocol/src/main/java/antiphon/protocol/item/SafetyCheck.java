package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A check that a person is asked to make. */
public record SafetyCheck(
    @Required String id,
    @Nullable String code,
    @Nullable String message,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public SafetyCheck {
    extra = Extra.all(extra);
  }
}
