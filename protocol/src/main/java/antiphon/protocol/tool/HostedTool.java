package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A tool named by its type alone, for the server to fill in. */
public record HostedTool(
    @Required String type, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public HostedTool {
    extra = Extra.of(extra);
  }
}
