package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An action on a computer, or several.
 *
 * @param action null where there is a list of them instead, kept among the other fields
 */
public record ComputerCall(
    @Nullable String id,
    @Required String callId,
    @Nullable ComputerAction action,
    @Required List<SafetyCheck> pendingSafetyChecks,
    @Required ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public ComputerCall {
    pendingSafetyChecks = List.copyOf(pendingSafetyChecks);
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "computer_call";
  }

  @Override
  public ComputerCall withId(String id) {
    return new ComputerCall(id, callId, action, pendingSafetyChecks, status, extra);
  }

  @Override
  public ComputerCall withStatus(ItemStatus status) {
    return new ComputerCall(id, callId, action, pendingSafetyChecks, status, extra);
  }
}
