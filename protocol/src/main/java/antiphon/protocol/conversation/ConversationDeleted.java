package antiphon.protocol.conversation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** The answer to the delete of a conversation. */
@JsonPropertyOrder({"id", "object"})
public record ConversationDeleted(String id, boolean deleted) {

  /** Always {@code conversation.deleted}. */
  @JsonProperty("object")
  public String object() {
    return "conversation.deleted";
  }
}
