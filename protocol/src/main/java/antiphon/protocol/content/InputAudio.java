package antiphon.protocol.content;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A sound. */
public record InputAudio(
    @Required AudioData inputAudio, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements ContentPart {

  public InputAudio {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "input_audio";
  }
}
