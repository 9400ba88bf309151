package antiphon.protocol.tool;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Tools of the client under a common name. */
public record NamespaceTool(
    @Required String name,
    @Nullable String description,
    @Required List<Tool> tools,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Tool {

  public NamespaceTool {
    tools = List.copyOf(tools);
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "namespace";
  }
}
