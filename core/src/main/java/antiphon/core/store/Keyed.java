package antiphon.core.store;

import antiphon.core.response.ResponseId;
import org.jspecify.annotations.Nullable;

/**
 * A response that was made with an {@code Idempotency-Key}.
 *
 * @param id the response; it may have been deleted meanwhile
 * @param requestHash of the request that it was made from
 * @param problem what its call was answered with instead, see {@link
 *     antiphon.core.response.ToldProblem}, as JSON; null if that was the response
 */
public record Keyed(ResponseId id, byte[] requestHash, byte @Nullable [] problem) {}
