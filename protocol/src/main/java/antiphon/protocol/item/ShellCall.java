package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A command for a shell in a container. */
public record ShellCall(
    @Nullable String id,
    @Required String callId,
    @Required ShellAction action,
    @Nullable ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public ShellCall {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "shell_call";
  }

  @Override
  public ShellCall withId(String id) {
    return new ShellCall(id, callId, action, status, extra);
  }

  @Override
  public ShellCall withStatus(ItemStatus status) {
    return new ShellCall(id, callId, action, status, extra);
  }
}
