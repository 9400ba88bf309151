package antiphon.core.store;

import antiphon.core.queue.Rank;

/**
 * A response that this node now runs.
 *
 * @param response the row, in_progress under its new epoch
 * @param attempts how many attempts to run it have ended with the node that made them
 * @param queue in which queue it waited
 * @param rank in which rank it waited
 */
public record Claimed(StoredResponse response, int attempts, String queue, Rank rank) {}
