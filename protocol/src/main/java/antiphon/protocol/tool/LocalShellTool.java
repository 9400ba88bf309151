package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The client's own shell. */
public record LocalShellTool(@JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public LocalShellTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "local_shell";
  }
}
