package antiphon.core.store;

import antiphon.core.queue.Rank;

/**
 * A response that this node now runs.
 *
 * @param response the row, in_progress under its new epoch
 * @param deaths how many nodes have died running it
 * @param queue in which queue it waited
 * @param rank in which rank it waited
 */
public record Claimed(StoredResponse response, int deaths, String queue, Rank rank) {}
