package antiphon.protocol.prompt;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** The answer to the delete of a prompt. */
@JsonPropertyOrder({"id", "object"})
public record PromptDeleted(String id, boolean deleted) {

  /** Always {@code prompt.deleted}. */
  @JsonProperty("object")
  public String object() {
    return "prompt.deleted";
  }
}
