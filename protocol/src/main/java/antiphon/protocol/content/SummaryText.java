package antiphon.protocol.content;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A summary of reasoning. */
public record SummaryText(
    @Required String text, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements ContentPart {

  public SummaryText {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "summary_text";
  }

  /** A summary in these words. */
  public SummaryText(String text) {
    this(text, Map.of());
  }
}
