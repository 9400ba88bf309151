package antiphon.protocol.item;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * An item of a kind that this version does not know, as an engine gave it.
 *
 * @param type the kind
 * @param fields all other fields
 */
public record UnknownItem(String type, @JsonAnyGetter Map<String, JsonNode> fields)
    implements Item {

  public UnknownItem {
    Map<String, JsonNode> others = new LinkedHashMap<>(fields);
    others.remove("type");
    fields = Collections.unmodifiableMap(others);
  }

  @Override
  @JsonIgnore
  public @Nullable String id() {
    JsonNode id = fields.get("id");
    return id == null || !id.isString() ? null : id.asString();
  }

  @Override
  @JsonIgnore
  public @Nullable ItemStatus status() {
    return null;
  }

  @Override
  public UnknownItem withId(String id) {
    Map<String, JsonNode> changed = new LinkedHashMap<>(fields);
    changed.put("id", StringNode.valueOf(id));
    return new UnknownItem(type, changed);
  }

  /** Only one that says that it is being made is changed: what else it may say is its engine's. */
  @Override
  public UnknownItem withStatus(ItemStatus status) {
    JsonNode now = fields.get("status");
    if (now == null || !now.isString() || !now.asString().equals("in_progress")) {
      return this;
    }
    Map<String, JsonNode> changed = new LinkedHashMap<>(fields);
    changed.put("status", StringNode.valueOf(status.wire()));
    return new UnknownItem(type, changed);
  }
}
