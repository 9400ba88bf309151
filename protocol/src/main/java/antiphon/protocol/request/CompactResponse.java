package antiphon.protocol.request;

import antiphon.protocol.json.Required;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /responses/compact}. Other fields of a create may be there, as codex
 * sends them, and say nothing.
 */
public record CompactResponse(
    @Required String model, @Nullable Input input, @Nullable String previousResponseId) {}
