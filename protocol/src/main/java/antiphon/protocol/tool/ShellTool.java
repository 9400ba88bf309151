package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A shell in a container. */
public record ShellTool(
    @Nullable JsonNode environment, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public ShellTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "shell";
  }
}
