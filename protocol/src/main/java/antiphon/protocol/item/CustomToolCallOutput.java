package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a custom tool gave back. */
public record CustomToolCallOutput(
    @Nullable String id,
    @Required String callId,
    @Required ToolOutput output,
    @Nullable ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public CustomToolCallOutput {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "custom_tool_call_output";
  }

  @Override
  public CustomToolCallOutput withId(String id) {
    return new CustomToolCallOutput(id, callId, output, status, extra);
  }

  @Override
  public CustomToolCallOutput withStatus(ItemStatus status) {
    return new CustomToolCallOutput(id, callId, output, status, extra);
  }
}
