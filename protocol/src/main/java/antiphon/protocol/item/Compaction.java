package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Earlier items, made shorter. */
public record Compaction(
    @Nullable String id,
    @Nullable String content,
    @Nullable String encryptedContent,
    @Nullable String createdBy,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public Compaction {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "compaction";
  }

  @Override
  public Compaction withId(String id) {
    return new Compaction(id, content, encryptedContent, createdBy, extra);
  }

  @Override
  public @Nullable ItemStatus status() {
    return null;
  }

  @Override
  public Compaction withStatus(ItemStatus status) {
    return this;
  }
}
