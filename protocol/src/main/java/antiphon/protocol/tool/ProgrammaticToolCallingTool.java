package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Programs of the model that call the other tools. */
public record ProgrammaticToolCallingTool(@JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public ProgrammaticToolCallingTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "programmatic_tool_calling";
  }
}
