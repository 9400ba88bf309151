package antiphon.protocol.prompt;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The body of {@code POST /prompts/{id}/rollback}. */
public record RollbackPrompt(@JsonProperty(required = true) int version) {}
