package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the client's shell gave back; its id is that of the call. */
public record LocalShellCallOutput(
    @Required String id,
    @Required String output,
    @Nullable ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public LocalShellCallOutput {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "local_shell_call_output";
  }

  @Override
  public LocalShellCallOutput withId(String id) {
    return new LocalShellCallOutput(id, output, status, extra);
  }

  @Override
  public LocalShellCallOutput withStatus(ItemStatus status) {
    return new LocalShellCallOutput(id, output, status, extra);
  }
}
