package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the computer then showed. */
public record ComputerCallOutput(
    @Nullable String id,
    @Required String callId,
    @Required ComputerScreenshot output,
    @Nullable List<SafetyCheck> acknowledgedSafetyChecks,
    @Nullable ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public ComputerCallOutput {
    acknowledgedSafetyChecks =
        acknowledgedSafetyChecks == null ? null : List.copyOf(acknowledgedSafetyChecks);
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "computer_call_output";
  }

  @Override
  public ComputerCallOutput withId(String id) {
    return new ComputerCallOutput(id, callId, output, acknowledgedSafetyChecks, status, extra);
  }

  @Override
  public ComputerCallOutput withStatus(ItemStatus status) {
    return new ComputerCallOutput(id, callId, output, acknowledgedSafetyChecks, status, extra);
  }
}
