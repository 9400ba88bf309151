package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Another agent. */
public record AgentTool(
    @Required String agentId,
    @Nullable String name,
    @Nullable String description,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public AgentTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "agent";
  }
}
