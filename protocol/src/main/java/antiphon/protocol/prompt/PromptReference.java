package antiphon.protocol.prompt;

import antiphon.protocol.json.Required;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A prompt that a request names.
 *
 * @param version a number as text; null for the active one
 * @param variables what stands in the template's places: texts, or parts of a message ({@code
 *     input_text}, {@code input_image}, {@code input_file})
 */
public record PromptReference(
    @Required String id, @Nullable String version, @Nullable Map<String, JsonNode> variables) {

  /** The same, at a version. */
  public PromptReference at(int number) {
    return new PromptReference(id, Integer.toString(number), variables);
  }
}
