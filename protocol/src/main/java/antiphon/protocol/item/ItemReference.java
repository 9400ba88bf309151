package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A stored item, named by its id. */
public record ItemReference(
    @Required String id, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public ItemReference {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "item_reference";
  }

  @Override
  public ItemReference withId(String id) {
    return new ItemReference(id, extra);
  }

  @Override
  public @Nullable ItemStatus status() {
    return null;
  }

  @Override
  public ItemReference withStatus(ItemStatus status) {
    return this;
  }
}
