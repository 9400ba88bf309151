package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Runs code. */
public record CodeInterpreterTool(
    @Required JsonNode container, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public CodeInterpreterTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "code_interpreter";
  }
}
