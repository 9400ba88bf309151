package antiphon.engines.embedded.chat;

import tools.jackson.databind.JsonNode;

/**
 * A tool that the model may call.
 *
 * @param parameters the JSON schema of its arguments
 */
public record ChatTool(String name, String description, JsonNode parameters) {}
