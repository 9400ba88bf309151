package antiphon.protocol.content;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The model says that it will not. */
public record Refusal(
    @Required String refusal, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements ContentPart {

  public Refusal {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "refusal";
  }

  /** A refusal in these words. */
  public Refusal(String refusal) {
    this(refusal, Map.of());
  }
}
