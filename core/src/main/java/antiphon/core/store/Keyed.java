package antiphon.core.store;

import antiphon.core.response.ResponseId;

/**
 * A response that was made with an {@code Idempotency-Key}.
 *
 * @param id the response; it may have been deleted meanwhile
 * @param requestHash of the request that it was made from
 */
public record Keyed(ResponseId id, byte[] requestHash) {}
