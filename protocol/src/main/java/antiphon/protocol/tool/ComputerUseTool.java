package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A computer to use. */
public record ComputerUseTool(
    @Required Integer displayHeight,
    @Required Integer displayWidth,
    @Required String environment,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public ComputerUseTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "computer_use_preview";
  }
}
