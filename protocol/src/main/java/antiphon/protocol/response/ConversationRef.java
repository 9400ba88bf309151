package antiphon.protocol.response;

import antiphon.protocol.json.Required;

/** The conversation that a response belongs to. */
public record ConversationRef(@Required String id) {}
