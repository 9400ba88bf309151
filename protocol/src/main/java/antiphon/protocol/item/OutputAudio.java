package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Speech. */
public record OutputAudio(
    @Nullable String id,
    @Required String data,
    @Required String transcript,
    @Required ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public OutputAudio {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "output_audio";
  }

  @Override
  public OutputAudio withId(String id) {
    return new OutputAudio(id, data, transcript, status, extra);
  }

  @Override
  public OutputAudio withStatus(ItemStatus status) {
    return new OutputAudio(id, data, transcript, status, extra);
  }
}
