package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Lets a background response sleep. */
public record SleepTool(@JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) implements Tool {

  public SleepTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "sleep";
  }
}
