package antiphon.protocol.request;

import antiphon.protocol.json.Required;

/** The body of {@code POST /responses/{response_id}/wake}. */
public record WakeRequest(@Required String input) {}
