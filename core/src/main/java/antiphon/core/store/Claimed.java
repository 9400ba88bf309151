package antiphon.core.store;

import antiphon.core.queue.Rank;
import antiphon.core.trace.TraceParent;
import org.jspecify.annotations.Nullable;

/**
 * A response that this node now runs.
 *
 * @param response the row, in_progress under its new epoch
 * @param attempts how many attempts to run it have ended with the node that made them
 * @param queue in which queue it waited
 * @param rank in which rank it waited
 * @param trace that it was made in, or null
 */
public record Claimed(
    StoredResponse response, int attempts, String queue, Rank rank, @Nullable TraceParent trace) {}
