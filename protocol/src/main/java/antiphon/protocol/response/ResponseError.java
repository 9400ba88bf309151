package antiphon.protocol.response;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Why a response failed. */
public record ResponseError(
    @Required String code,
    @Required String message,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public ResponseError {
    extra = Extra.all(extra);
  }

  /** No more than a code and words. */
  public ResponseError(String code, String message) {
    this(code, message, Map.of());
  }
}
