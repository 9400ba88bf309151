package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A click, a key, a scroll and so on; told apart by its type. */
public record ComputerAction(
    @Required String type, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public ComputerAction {
    extra = Extra.of(extra);
  }
}
