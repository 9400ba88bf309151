package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Changes files by patches that the client applies. */
public record ApplyPatchTool(@JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public ApplyPatchTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "apply_patch";
  }
}
