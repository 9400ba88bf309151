package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A command for the client's own shell. */
public record LocalShellCall(
    @Nullable String id,
    @Required String callId,
    @Required LocalShellAction action,
    @Required ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public LocalShellCall {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "local_shell_call";
  }

  @Override
  public LocalShellCall withId(String id) {
    return new LocalShellCall(id, callId, action, status, extra);
  }

  @Override
  public LocalShellCall withStatus(ItemStatus status) {
    return new LocalShellCall(id, callId, action, status, extra);
  }
}
