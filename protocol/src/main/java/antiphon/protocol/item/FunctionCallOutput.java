package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a function gave back. */
public record FunctionCallOutput(
    @Nullable String id,
    @Required String callId,
    @Required ToolOutput output,
    @Nullable ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public FunctionCallOutput {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "function_call_output";
  }

  @Override
  public FunctionCallOutput withId(String id) {
    return new FunctionCallOutput(id, callId, output, status, extra);
  }

  @Override
  public FunctionCallOutput withStatus(ItemStatus status) {
    return new FunctionCallOutput(id, callId, output, status, extra);
  }
}
