package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A call of a function, with JSON arguments. */
public record FunctionCall(
    @Nullable String id,
    @Required String callId,
    @Required String name,
    @Required String arguments,
    @Nullable ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public FunctionCall {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "function_call";
  }

  @Override
  public FunctionCall withId(String id) {
    return new FunctionCall(id, callId, name, arguments, status, extra);
  }

  @Override
  public FunctionCall withStatus(ItemStatus status) {
    return new FunctionCall(id, callId, name, arguments, status, extra);
  }

  /** A call that the model makes. */
  public static FunctionCall of(
      String id, String callId, String name, String arguments, ItemStatus status) {
    return new FunctionCall(id, callId, name, arguments, status, Map.of());
  }

  /** The same call with these arguments. */
  public FunctionCall withArguments(String arguments) {
    return new FunctionCall(id, callId, name, arguments, status, extra);
  }
}
