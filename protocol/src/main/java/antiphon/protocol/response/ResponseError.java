package antiphon.protocol.response;

import antiphon.protocol.json.Required;

/** Why a response failed. */
public record ResponseError(@Required String code, @Required String message) {}
