package antiphon.protocol.content;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Raw reasoning. */
public record ReasoningText(
    @Required String text, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements ContentPart {

  public ReasoningText {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "reasoning_text";
  }

  /** Reasoning in these words. */
  public ReasoningText(String text) {
    this(text, Map.of());
  }
}
