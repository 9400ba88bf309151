package antiphon.protocol.conversation;

import antiphon.protocol.json.AlwaysWritten;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation.
 *
 * @param createdAt whole Unix seconds
 * @param deletedAt always null: a deleted one is not shown; MKA1's client wants the field
 */
@JsonIgnoreProperties(
    value = {"object"},
    allowGetters = true)
@JsonPropertyOrder({"id", "object", "created_at", "deleted_at", "metadata"})
public record Conversation(
    @Required String id,
    long createdAt,
    @AlwaysWritten @Nullable Long deletedAt,
    @Required Map<String, String> metadata) {

  /** Always {@code conversation}. */
  @JsonProperty("object")
  public String object() {
    return "conversation";
  }
}
