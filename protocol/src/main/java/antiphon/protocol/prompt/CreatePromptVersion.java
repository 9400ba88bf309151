package antiphon.protocol.prompt;

import antiphon.protocol.json.Required;

/** The body of {@code POST /prompts/{id}/versions}. */
public record CreatePromptVersion(@Required String template) {}
