package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A search, a page opened, or a text looked for; told apart by its type. */
public record WebSearchAction(
    @Required String type,
    @Nullable String query,
    @Nullable String url,
    @Nullable String pattern,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public WebSearchAction {
    extra = Extra.of(extra);
  }
}
