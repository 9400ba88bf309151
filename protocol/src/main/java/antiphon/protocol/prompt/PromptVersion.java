package antiphon.protocol.prompt;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A version of a prompt; it never changes.
 *
 * @param createdAt as ISO 8601 has it
 */
@JsonIgnoreProperties(
    value = {"object"},
    allowGetters = true)
@JsonPropertyOrder({"id", "object"})
public record PromptVersion(
    @Required String id,
    @Required String promptId,
    int version,
    @Required String template,
    @Required String createdAt) {

  /** Always {@code prompt.version}. */
  @JsonProperty("object")
  public String object() {
    return "prompt.version";
  }
}
