package antiphon.protocol.content;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A sound, base64. */
public record AudioData(
    @Required String data,
    @Required String format,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public AudioData {
    extra = Extra.all(extra);
  }
}
