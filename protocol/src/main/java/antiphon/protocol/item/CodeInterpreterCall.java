package antiphon.protocol.item;

import antiphon.protocol.json.AlwaysWritten;
import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Code that was run. */
public record CodeInterpreterCall(
    @Nullable String id,
    @AlwaysWritten @Nullable String code,
    @Required String containerId,
    @AlwaysWritten @Nullable List<CodeInterpreterOutput> outputs,
    @Required ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public CodeInterpreterCall {
    outputs = outputs == null ? null : List.copyOf(outputs);
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "code_interpreter_call";
  }

  @Override
  public CodeInterpreterCall withId(String id) {
    return new CodeInterpreterCall(id, code, containerId, outputs, status, extra);
  }

  @Override
  public CodeInterpreterCall withStatus(ItemStatus status) {
    return new CodeInterpreterCall(id, code, containerId, outputs, status, extra);
  }
}
