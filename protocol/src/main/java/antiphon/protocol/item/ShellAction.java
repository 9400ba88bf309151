package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What to run; MKA1 names one command, OpenAI several. */
public record ShellAction(
    @Nullable String type,
    @Nullable String command,
    @Nullable List<String> commands,
    @Nullable Long timeoutMs,
    @Nullable Long maxOutputLength,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public ShellAction {
    commands = commands == null ? null : List.copyOf(commands);
    extra = Extra.of(extra);
  }
}
