package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A call of a custom tool, with free text as its input. */
public record CustomToolCall(
    @Nullable String id,
    @Required String callId,
    @Required String name,
    @Required String input,
    @Nullable ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public CustomToolCall {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "custom_tool_call";
  }

  @Override
  public CustomToolCall withId(String id) {
    return new CustomToolCall(id, callId, name, input, status, extra);
  }

  @Override
  public CustomToolCall withStatus(ItemStatus status) {
    return new CustomToolCall(id, callId, name, input, status, extra);
  }

  /** A call that the model makes. */
  public static CustomToolCall of(
      String id, String callId, String name, String input, ItemStatus status) {
    return new CustomToolCall(id, callId, name, input, status, Map.of());
  }

  /** The same call with this input. */
  public CustomToolCall withInput(String input) {
    return new CustomToolCall(id, callId, name, input, status, extra);
  }
}
