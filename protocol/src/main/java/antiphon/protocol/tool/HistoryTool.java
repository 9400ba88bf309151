package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A search in earlier conversations. */
public record HistoryTool(@JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public HistoryTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "history";
  }
}
