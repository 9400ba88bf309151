package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A computer to use, which the client has. */
public record ComputerTool(@JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public ComputerTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "computer";
  }
}
