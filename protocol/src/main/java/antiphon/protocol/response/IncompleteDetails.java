package antiphon.protocol.response;

import antiphon.protocol.json.Required;

/**
 * Why a response is incomplete: {@code max_output_tokens}, {@code content_filter} or {@code
 * steered}.
 */
public record IncompleteDetails(@Required String reason) {}
