package antiphon.protocol.prompt;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code PUT /prompts/{id}}: what is left out stays.
 *
 * @param description a text; JSON's null takes it away
 */
public record UpdatePrompt(
    @Nullable String name,
    @JsonSetter(nulls = Nulls.SET) @Nullable JsonNode description,
    @Nullable Map<String, JsonNode> metadata) {}
