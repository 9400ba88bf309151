package antiphon.protocol.prompt;

import antiphon.protocol.json.Required;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /prompts}.
 *
 * @param template with places like {@code {{variable}}}
 */
public record CreatePrompt(
    @Required String name,
    @Required String template,
    @Nullable String description,
    @Nullable Map<String, JsonNode> metadata) {}
