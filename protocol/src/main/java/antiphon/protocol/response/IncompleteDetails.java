package antiphon.protocol.response;

import antiphon.protocol.json.Required;

/** Why a response is incomplete: {@code max_output_tokens} or {@code content_filter}. */
public record IncompleteDetails(@Required String reason) {}
