package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What that shell gave back: an object, or OpenAI's array. */
public record ShellCallOutput(
    @Nullable String id,
    @Required String callId,
    @Required JsonNode output,
    @Nullable ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public ShellCallOutput {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "shell_call_output";
  }

  @Override
  public ShellCallOutput withId(String id) {
    return new ShellCallOutput(id, callId, output, status, extra);
  }

  @Override
  public ShellCallOutput withStatus(ItemStatus status) {
    return new ShellCallOutput(id, callId, output, status, extra);
  }
}
