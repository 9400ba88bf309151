package antiphon.protocol.prompt;

import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A prompt.
 *
 * @param createdAt as ISO 8601 has it, as {@code updatedAt}
 * @param version the first one; in the answer to its creation alone
 * @param activeTemplate of the version that was asked for; in the answer to GET alone
 * @param renderedTemplate the same with variables put in; only where these were given
 */
@JsonIgnoreProperties(
    value = {"object"},
    allowGetters = true)
@JsonPropertyOrder({"id", "object"})
public record Prompt(
    @Required String id,
    @Required String name,
    @Nullable String description,
    int activeVersion,
    int latestVersion,
    @Required Map<String, JsonNode> metadata,
    @Required String createdAt,
    @Required String updatedAt,
    @Nullable PromptVersion version,
    @Nullable String activeTemplate,
    @Nullable String renderedTemplate) {

  /** Always {@code prompt}. */
  @JsonProperty("object")
  public String object() {
    return "prompt";
  }

  /** The same with its first version. */
  public Prompt with(PromptVersion first) {
    return new Prompt(
        id,
        name,
        description,
        activeVersion,
        latestVersion,
        metadata,
        createdAt,
        updatedAt,
        first,
        null,
        null);
  }

  /** The same with a template, and what became of it. */
  public Prompt with(String template, @Nullable String rendered) {
    return new Prompt(
        id,
        name,
        description,
        activeVersion,
        latestVersion,
        metadata,
        createdAt,
        updatedAt,
        null,
        template,
        rendered);
  }
}
