package antiphon.core.store;

import antiphon.core.response.ResponseId;

/**
 * One run of a response. A response that is claimed again gets a higher epoch, and whatever still
 * arrives under the old one is refused.
 */
public record RunKey(ResponseId id, long epoch) {}
