package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A web search; {@code action} is null until it is known what is searched for. */
public record WebSearchCall(
    @Nullable String id,
    @Nullable WebSearchAction action,
    @Required ItemStatus status,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public WebSearchCall {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "web_search_call";
  }

  @Override
  public WebSearchCall withId(String id) {
    return new WebSearchCall(id, action, status, extra);
  }

  @Override
  public WebSearchCall withStatus(ItemStatus status) {
    return new WebSearchCall(id, action, status, extra);
  }
}
