package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A tool that takes free text; run by the client. */
public record CustomTool(
    @Required String name,
    @Nullable String description,
    @Nullable CustomFormat format,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public CustomTool {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "custom";
  }
}
