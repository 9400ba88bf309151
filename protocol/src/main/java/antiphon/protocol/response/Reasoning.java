package antiphon.protocol.response;

import antiphon.protocol.json.AlwaysWritten;
import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How the model is to think. Hints of other names are kept: {@code context} is one. */
public record Reasoning(
    @AlwaysWritten @Nullable Effort effort,
    @AlwaysWritten @Nullable SummaryMode summary,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public Reasoning {
    extra = Extra.all(extra);
  }

  /** No other hints. */
  public Reasoning(@Nullable Effort effort, @Nullable SummaryMode summary) {
    this(effort, summary, Map.of());
  }
}
