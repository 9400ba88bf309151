package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What to run. */
public record LocalShellAction(
    @Required String type,
    @Required List<String> command,
    // Spelled out: of two bundled annotations the mapper would heed one.
    @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL, contentNulls = Nulls.FAIL)
        Map<String, String> env,
    @Nullable Long timeoutMs,
    @Nullable String user,
    @Nullable String workingDirectory,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public LocalShellAction {
    command = List.copyOf(command);
    extra = Extra.of(extra);
  }
}
